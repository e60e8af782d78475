/** Pages that show and try out what a service serves. */
module dev.plinth.swaggerui {
    requires static transitive org.jspecify;
    requires transitive dev.plinth;
    requires swagger.ui;

    exports dev.plinth.swaggerui;

    provides dev.plinth.http.OpenApiUi with
            dev.plinth.swaggerui.SwaggerUi;
}
