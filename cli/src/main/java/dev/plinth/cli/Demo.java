package dev.plinth.cli;

import dev.plinth.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What {@code plinth demo} shows: a new service, written, built and started, and then requests whose answers it checks. What
 * it sends is random, so that no canned answer passes.
 */
final class Demo {
    private static final String NAME = "orders";
    private static final String PROBLEM = "application/problem+json";

    private final Tour tour;
    private final Visitor visitor;
    private final Path project;
    private final int port;
    private final int adminPort;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private volatile @Nullable RunningService service;

    /** Nothing is written yet; {@code project} is the folder that the service is to have. */
    Demo(Tour tour, Path project, int port, int adminPort) {
        this.tour = tour;
        this.visitor = new Visitor(tour);
        this.project = project;
        this.port = port;
        this.adminPort = adminPort;
    }

    /**
     * Gives the tour.
     *
     * @param stay whether the service runs on after it, until this process is stopped
     * @throws Failure if the service can't be built or started
     */
    void run(Maven maven, Path home, Steps steps, boolean stay) throws IOException, InterruptedException {
        tour.say("Plinth is a chassis for microservices in Java: you write the business, it carries the rest.");
        tour.say("Here it makes a service, runs it and asks it things. Every answer is checked.");
        var jvm = make(maven, home, steps);
        var running = start(jvm);
        var order = visit(running, jvm);
        if (!stay) {
            stop(running, order);
        }
        tour.summary();
        if (stay) {
            tour.say("The service runs on until you press Ctrl-C; what it logs appears here. Try");
            tour.command(
                    "curl -i localhost:" + port + "/orders --json '{\"id\":\"1\",\"item\":\"lamp\",\"quantity\":2}'");
            tour.command("curl -i localhost:" + port + "/orders/1");
            tour.command("curl -i localhost:" + port + "/health/ready");
            tour.command("curl -i localhost:" + adminPort + "/metrics");
            tour.say("Its files are in " + project + ".");
            running.echo(tour::line);
            running.awaitEnd();
        }
    }

    /** Stops the service where it runs. */
    void close() {
        var running = service;
        if (running != null) {
            running.end();
        }
    }

    private ServiceJvm make(Maven maven, Path home, Steps steps) throws IOException {
        tour.chapter("A new service is one command");
        tour.command("plinth new " + NAME);
        new Template(new ServiceName(NAME), NAME).writeTo(project);
        tour.answer(Files.readString(project.resolve("src/main/java/orders/Main.java")));
        var lines = linesOf(project);
        tour.check(
                lines + " lines apart from README and pom, none of them about logs, health, metrics or traces",
                lines < 150,
                lines + " lines (expected: under 150)");

        tour.chapter("It builds with plain Maven, and trains once to start fast");
        tour.command("plinth run " + NAME
                + String.join(" ", List.of("", "--set", "http.port=" + port, "--set", "admin.port=" + adminPort)));
        var jvm = new ServiceJvm(new Project(project).jar(maven, home, steps));
        jvm.train(project, List.of(), steps);
        return jvm;
    }

    private RunningService start(ServiceJvm jvm) throws IOException, InterruptedException {
        var begin = System.nanoTime();
        var command = jvm.command(List.of("run", "--set", "http.port=" + port, "--set", "admin.port=" + adminPort));
        var running = new RunningService(project, command);
        service = running;
        running.awaitReady(port);
        tour.check("ready " + (System.nanoTime() - begin) / 1_000_000 + " ms after it was started", true, "");
        return running;
    }

    /** Asks the service for everything; returns the path of an order that it has. */
    private String visit(RunningService running, ServiceJvm jvm) throws IOException, InterruptedException {
        var order = new LinkedHashMap<String, Object>();
        order.put("id", Long.toHexString(random.nextLong(1L << 40, 1L << 44)));
        order.put(
                "item",
                List.of("lamp", "chair", "kettle", "clock").get(random.nextInt(4)) + " no. " + random.nextInt(10_000));
        order.put("quantity", random.nextInt(1, 1000));
        business(order);
        mistakes(order);
        probes();
        metrics();
        logs(running);
        configuration(jvm);
        return "/orders/" + order.get("id");
    }

    private void business(Map<String, Object> order) throws InterruptedException {
        tour.chapter("It does its business: a record comes in as JSON and goes out as JSON");
        var path = "/orders/" + order.get("id");
        var made = visitor.ask("POST", port, "/orders", json(order));
        tour.check(
                "created, and told where it is",
                made.status() == 201 && made.location().equals(path),
                made);
        var read = visitor.ask("GET", port, path, "");
        tour.check(
                "read back as it was sent",
                read.status() == 200 && json(read.json()).equals(json(order)),
                read);
        var again = visitor.send("POST", port, "/orders", json(order));
        tour.check("the same once more is a conflict, 409", again.status() == 409, again);
    }

    private void mistakes(Map<String, Object> order) throws InterruptedException {
        tour.chapter("A caller's mistakes are answered all at once, as RFC 9457 has it");
        var wrong = new LinkedHashMap<>(order);
        wrong.put("item", " ");
        wrong.put("quantity", -random.nextInt(1, 1000));
        var refused = visitor.ask("POST", port, "/orders", json(wrong));
        tour.check(
                "400, and both /item and /quantity are named",
                refused.status() == 400
                        && refused.type().startsWith(PROBLEM)
                        && refused.body().contains("\"/item\"")
                        && refused.body().contains("\"/quantity\""),
                refused);
        var nowhere = visitor.send("GET", port, "/orders/none-" + random.nextInt(1_000_000), "");
        tour.check(
                "what is not there is a 404",
                nowhere.status() == 404 && nowhere.type().startsWith(PROBLEM),
                nowhere);
    }

    private void probes() throws InterruptedException {
        tour.chapter("Kubernetes, load balancers and people see how it is");
        for (var probe : List.of("/health/live", "/health/ready", "/health/started", "/healthcheck")) {
            var answer = visitor.send("GET", port, probe, "");
            tour.check("GET " + probe + " is 200", answer.status() == 200, answer);
        }
        var health = visitor.ask("GET", adminPort, "/health", "");
        tour.check(
                "the admin port tells it by component",
                health.status() == 200 && !health.json().isEmpty(),
                health);
    }

    private void metrics() throws InterruptedException {
        tour.chapter("Prometheus counts and times every request");
        tour.command("curl http://localhost:" + adminPort + "/metrics | grep http_server_requests_seconds_count");
        var metrics = visitor.send("GET", adminPort, "/metrics", "");
        var counts = metrics.body()
                .lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count"))
                .toList();
        tour.answer(String.join("\n", counts));
        tour.check(
                "the order that was created is counted once, under its route and status",
                counts.stream()
                        .anyMatch(line -> line.contains("service=\"" + NAME + "\"")
                                && line.contains("method=\"POST\"")
                                && line.contains("uri=\"/orders\"")
                                && line.contains("status=\"201\"")
                                && Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)) == 1),
                counts);
    }

    private void logs(RunningService running) throws InterruptedException {
        tour.chapter("Logs are JSON and carry the caller's trace");
        var level = visitor.ask("PUT", adminPort, "/loggers/dev.plinth.http", "{\"level\":\"DEBUG\"}");
        tour.check("a log level changes while the service runs", level.status() < 300, level);
        var trace = "%016x%016x".formatted(random.nextLong(), random.nextLong(1, Long.MAX_VALUE));
        var parent = "00-" + trace + "-" + "%016x".formatted(random.nextLong(1, Long.MAX_VALUE)) + "-01";
        var asked = visitor.ask("GET", port, "/orders/none", "", "traceparent", parent);
        tour.check(
                "the answer names the trace that was sent",
                trace.equals(asked.json().get("trace_id")),
                asked);
        var line = running.awaitLine("trace " + trace, each -> each.contains(trace));
        tour.answer(line);
        tour.check(
                "and so does the log",
                Visitor.value(line) instanceof Map<?, ?> fields
                        && trace.equals(fields.get("trace"))
                        && NAME.equals(fields.get("service")),
                line);
    }

    private void configuration(ServiceJvm jvm) throws IOException, InterruptedException {
        tour.chapter("Configuration tells where it comes from, and what is wrong with it");
        tour.command("plinth explain http.port --set http.port=" + port);
        var explained = ask(jvm, "explain", "http.port", "--set", "http.port=" + port);
        tour.answer(explained.text());
        tour.check(
                "the value that counts, and the line of the file that it overrules",
                explained.exitCode() == 0
                        && explained.text().contains(String.valueOf(port))
                        && explained.text().contains("service.yaml:"),
                explained);
        tour.command("plinth check --set http.prot=" + port);
        var checked = ask(jvm, "check", "--set", "http.prot=" + port);
        tour.answer(checked.text());
        tour.check(
                "a typo is found before anything starts, with exit code 78",
                checked.exitCode() == 78 && checked.text().contains("http.prot: unknown key (did you mean http.port?)"),
                checked);
    }

    private void stop(RunningService running, String order) throws InterruptedException {
        tour.chapter("It stops in order, and answers until the last caller has moved on");
        tour.command("kill -TERM " + running.pid());
        var before = running.lines().size();
        running.terminate();
        running.awaitLine("that it stops", line -> line.contains("\"stop 1/"));
        var ready = visitor.send("GET", port, "/health/ready", "");
        tour.check("load balancers see at once that it goes: GET /health/ready is 503", ready.status() == 503, ready);
        var late = visitor.send("GET", port, order, "");
        tour.check(
                "a request that comes all the same is answered: GET " + order + " is 200", late.status() == 200, late);
        var exitCode = running.awaitExit();
        var lines = running.lines();
        var last = lines.subList(before, lines.size());
        tour.answer(String.join("\n", last));
        tour.check("it ends with exit code 0", exitCode == 0, exitCode + "\n" + running.complaints());
        var steps = last.stream().filter(line -> line.contains("\"stop ")).count();
        tour.check("each step of the stop says how it went", steps >= 5, steps + " steps");
        var strangers = lines.stream()
                .filter(line -> !(Visitor.value(line) instanceof Map))
                .toList();
        tour.check("all " + lines.size() + " lines that it ever wrote are JSON", strangers.isEmpty(), strangers);
    }

    private record Said(int exitCode, String text) {}

    private Said ask(ServiceJvm jvm, String... arguments) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(jvm.command(List.of(arguments)))
                .directory(project.toFile())
                .redirectErrorStream(true);
        RunningService.withoutSettings(builder);
        var process = builder.start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    private static String json(Object value) {
        return new String(Json.standard().write(value), StandardCharsets.UTF_8);
    }

    private static long linesOf(Path project) throws IOException {
        var lines = 0L;
        try (var files = Files.walk(project)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var name = file.getFileName().toString();
                if (!name.equals("README.md") && !name.equals("pom.xml")) {
                    lines += Files.readAllLines(file).size();
                }
            }
        }
        return lines;
    }

    /**
     * The port itself, or a free one where it is 0.
     *
     * @throws Failure if it is taken, with the option and the setting that choose another
     */
    static int usable(int port, String option, String setting) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw Failure.failed("port " + port + " can't be used: " + e.getMessage() + ". Choose another with "
                    + option + " (in a service of yours: " + setting + "); 0 takes any free one.");
        }
    }
}
