package dev.plinth.acceptance;

import dev.plinth.Service;
import dev.plinth.context.Context;
import dev.plinth.context.Fanout;
import dev.plinth.context.Job;
import dev.plinth.http.Response;
import dev.plinth.schema.Default;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service that the acceptance tests start: as a process, or inside the test. */
final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    record Settings(@Default("false") boolean calls) {}

    record Note(@NotBlank String text) {}

    private Desk() {}

    public static void main(String[] args) {
        Service.run("desk", args, Settings.class, Desk::compose);
    }

    private static void compose(Service service, Settings settings) {
        service.http()
                .get("/hello", _ -> Map.of("message", "hello"))
                .post("/notes", Note.class, note -> {
                    LOG.atInfo().addKeyValue("length", note.text().length()).log("a note: {}", note.text());
                    return Response.created(note);
                })
                .describe(it -> it.bodyExample(new Note("tea")))
                .get("/slow/{millis}", request -> {
                    service.time().sleep(Duration.ofMillis(request.path("millis", Integer.class)));
                    return "slept";
                })
                .get("/fail", _ -> {
                    throw new IllegalStateException("control \u0000\u001b[31m characters\nand \"quotes\"");
                })
                .get("/job/{id}", request -> {
                    Context.current()
                            .withJob(new Job(request.path("id"), "count"))
                            .run(() -> LOG.info("inside the job"));
                    LOG.info("outside the job");
                    return null;
                });
        if (settings.calls()) {
            var back = service.client("back");
            service.http().get("/relay", _ -> {
                try (var fanout = Fanout.open()) {
                    var one = fanout.fork(() -> back.get("/hello").as(Map.class));
                    var two = fanout.fork(() -> service.tracing().span("think", () -> "thought"));
                    fanout.join();
                    return Map.of("one", one.get(), "two", two.get());
                }
            });
        }
    }
}
