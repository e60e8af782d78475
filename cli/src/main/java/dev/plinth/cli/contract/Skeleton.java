package dev.plinth.cli.contract;

import dev.plinth.config.Node;
import dev.plinth.json.YamlWriter;
import dev.plinth.openapi.Document;
import dev.plinth.openapi.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sources of a service that keeps a contract: one class of handlers for each tag, each answering 501 until it is written. */
public final class Skeleton {
    private final Document document;
    private final String service;
    private final String packageName;
    private final JavaNames names = new JavaNames();
    private final JavaTypes types;

    /**
     * Reads what there is to write.
     *
     * @param service its name
     * @param packageName of all its classes
     */
    public Skeleton(Document document, String service, String packageName) {
        this.document = document;
        this.service = service;
        this.packageName = packageName;
        this.types = new JavaTypes(document.root(), packageName, names);
    }

    /** The files by their path in the project. */
    public Map<String, String> files() {
        var files = new TreeMap<String, String>();
        var java = "src/main/java/" + packageName.replace('.', '/') + "/";
        var apis = apis();
        apis.forEach((name, endpoints) -> files.put(java + name + ".java", api(name, endpoints)));
        types.files().forEach((name, source) -> files.put(java + name + ".java", source));
        files.put(java + "Main.java", main(apis.keySet()));
        files.put("src/test/java/" + packageName.replace('.', '/') + "/MainTest.java", test());
        files.put("src/main/resources/openapi.yaml", YamlWriter.of(document.tree()));
        files.put(
                "service.yaml",
                """
                # What operations may change. Everything else that can be set, and where each value comes from, is shown by
                #   java -jar target/NAME.jar explain

                http:
                  port: 8080 # requests and health probes

                admin:
                  port: 8081 # metrics, health in detail, log levels; on loopback
                """
                        .replace("NAME", service));
        files.put(
                "README.md",
                """
                # NAME

                A service on Plinth that keeps the contract in `src/main/resources/openapi.yaml`.

                    mvn verify                        builds and tests it
                    java -jar target/NAME.jar       runs it

                Each operation has a handler in a class whose name ends with `Api`, and answers 501 until that is written.
                Requests are judged by the contract before a handler sees them.
                """
                        .replace("NAME", service));
        return files;
    }

    private static boolean isGuarded(Endpoint endpoint) {
        return !endpoint.security().stream().allMatch(Map::isEmpty);
    }

    private Map<String, List<Endpoint>> apis() {
        var byTag = new LinkedHashMap<String, List<Endpoint>>();
        for (var endpoint : document.endpoints()) {
            var tag = endpoint.node().get("tags") instanceof Node.Sequence list
                            && !list.items().isEmpty()
                            && list.items().getFirst() instanceof Node.Scalar first
                    ? first.text()
                    : service;
            byTag.computeIfAbsent(tag, _ -> new ArrayList<>()).add(endpoint);
        }
        var apis = new LinkedHashMap<String, List<Endpoint>>();
        byTag.forEach((tag, endpoints) -> apis.put(names.type(tag + " Api"), endpoints));
        return apis;
    }

    private String api(String name, List<Endpoint> endpoints) {
        var binds = new StringBuilder();
        var methods = new StringBuilder();
        var taken = new LinkedHashSet<>(Set.of("bind"));
        for (var endpoint : endpoints) {
            var id = endpoint.id().isEmpty() ? endpoint.aliases().iterator().next() : endpoint.id();
            var method = JavaNames.method(id, taken);
            var body = body(endpoint);
            binds.append("        contract.bind(")
                    .append(JavaNames.literal(id))
                    .append(body == null ? "" : ", " + body + ".class")
                    .append(", ")
                    .append(name)
                    .append("::")
                    .append(method)
                    .append(");\n");
            methods.append("\n    /** ")
                    .append(JavaNames.comment(endpoint.method() + " " + endpoint.path() + summary(endpoint)))
                    .append(" */\n    private static Object ")
                    .append(method)
                    .append(body == null ? "(Request request) {\n" : "(" + body + " body, Request request) {\n")
                    .append("        throw Problem.unsupported(\"NOT_WRITTEN\", ")
                    .append(JavaNames.literal(id + " is not written yet"))
                    .append(");\n    }\n");
        }
        return """
                package PACKAGE;

                import dev.plinth.error.Problem;
                import dev.plinth.http.Contract;
                import dev.plinth.http.Request;

                final class NAME {
                    private NAME() {}

                    static void bind(Contract contract) {
                BINDS    }
                METHODS}
                """
                .replace("PACKAGE", packageName)
                .replace("NAME", name)
                .replace("BINDS", binds)
                .replace("METHODS", methods);
    }

    private static String summary(Endpoint endpoint) {
        return endpoint.node().get("summary") instanceof Node.Scalar text
                        && !text.text().isBlank()
                ? ": " + text.text()
                : "";
    }

    private @Nullable String body(Endpoint endpoint) {
        var body = endpoint.body();
        // One that may be missing, or be of several kinds, is asked for by the handler.
        if (body == null || !body.required() || body.content().size() != 1) {
            return null;
        }
        var json = body.content().get("application/json");
        return json == null ? null : types.bodyType(json.schema());
    }

    private String main(Set<String> apis) {
        boolean guarded = document.endpoints().stream().anyMatch(Skeleton::isGuarded);
        var binds = new StringBuilder();
        apis.forEach(api -> binds.append("            ").append(api).append(".bind(contract);\n"));
        var guard = guarded
                ? """

                    /** Who may call: nobody, until this is written. */
                    private static Filter guard(Contract.Security security) {
                        return (request, next) -> {
                            throw Problem.unsupported("NOT_WRITTEN", "who may call " + security.operation() + " is not written yet");
                        };
                    }
                """
                : "";
        return """
                package PACKAGE;

                import dev.plinth.Service;
                IMPORTS
                public final class Main {
                    private Main() {}

                    public static void main(String[] args) {
                        Service.run(SERVICE, args, Main::compose);
                    }

                    static void compose(Service service) {
                        service.http().contract("openapi.yaml", contract -> {
                BINDS        });
                    }
                GUARD}
                """
                .replace("PACKAGE", packageName)
                .replace("SERVICE", JavaNames.literal(service))
                .replace(
                        "IMPORTS\n",
                        guarded
                                ? "import dev.plinth.error.Problem;\nimport dev.plinth.http.Contract;\nimport dev.plinth.http.Filter;\n\n"
                                : "\n")
                .replace("BINDS", binds + (guarded ? "            contract.guard(Main::guard);\n" : ""))
                .replace("GUARD", guard);
    }

    private String test() {
        var asked = document.endpoints().stream()
                .filter(each -> each.method().equals("GET")
                        && each.path().indexOf('{') < 0
                        && each.parameters().stream().noneMatch(Endpoint.Parameter::required))
                .findFirst();
        var first = asked.map(each ->
                        """

                    @Test
                    void whatIsNotWrittenYetSaysSo() {
                        try (var service = TestService.start(Main::main)) {
                            assertThat(service.get(PATH).status()).isEqualTo(501);
                        }
                    }
                """
                                .replace("PATH", JavaNames.literal(each.basePath() + each.path())))
                .orElse("");
        return """
                package PACKAGE;

                import static org.assertj.core.api.Assertions.assertThat;

                import dev.plinth.testkit.TestService;
                import org.junit.jupiter.api.Test;

                class MainTest {
                    @Test
                    void everyOperationHasAHandler() {
                        try (var service = TestService.start(Main::main)) {
                            assertThat(service.get("/health/ready").status()).isEqualTo(200);
                        }
                    }
                FIRST}
                """
                .replace("PACKAGE", packageName)
                .replace("FIRST", first);
    }
}
