/**
 * Pages that show and try out what a service serves. The webjar has no module name of its own that could be required: on a
 * module path add it by {@code --add-modules swagger.ui}.
 */
module dev.plinth.swaggerui {
    requires static transitive org.jspecify;
    requires transitive dev.plinth;

    exports dev.plinth.swaggerui;

    provides dev.plinth.http.OpenApiUi with
            dev.plinth.swaggerui.SwaggerUi;
}
