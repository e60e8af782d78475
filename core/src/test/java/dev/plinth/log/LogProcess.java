package dev.plinth.log;

import dev.plinth.context.Context;
import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Live;
import dev.plinth.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** What {@link LogProcessTest} runs in a process of its own. */
final class LogProcess {
    private LogProcess() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "exit" -> {
                lines(attach());
                System.exit(3);
            }
            case "uncaught" -> {
                lines(attach());
                throw new IllegalStateException("boom");
            }
            case "hooks" -> {
                attach();
                Runtime.getRuntime().addShutdownHook(new Thread(LogProcess::lateLines));
                System.exit(0);
            }
            case "unattached" -> {
                LoggerFactory.getLogger("early").info("before any service");
            }
            case "jul" -> {
                attach();
                java.util.logging.Logger.getLogger("jul").info("from jul");
                java.util.logging.Logger.getLogger("jul.noisy").fine("fine too");
                System.getLogger("system").log(System.Logger.Level.INFO, "from a system logger");
            }
            case "failing" -> {
                var logs = attach();
                for (var i = 0; i < 3; i++) {
                    LoggerFactory.getLogger("x").info("{}", i);
                    logs.flush();
                }
                System.err.println("lost " + logs.lost());
                logs.close();
            }
            case "stuck" -> {
                var logs = attach();
                for (var i = 0; i < 20_000; i++) {
                    LoggerFactory.getLogger("x").info("{}", "x".repeat(500));
                }
                System.err.println("dropped " + (logs.dropped() > 0));
                System.exit(0);
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static Logs attach() {
        return Logs.attach(
                new LogConfig(
                        LogFormat.AUTO,
                        Live.of(LogLevel.INFO),
                        Live.of(Map.of("jul.noisy", LogLevel.DEBUG)),
                        LogCaller.WARNINGS,
                        true,
                        Optional.empty(),
                        new ByteSize(1 << 20),
                        Duration.ofMillis(500),
                        ""),
                "orders",
                Time.system());
    }

    private static void lines(Logs logs) {
        logs.flush();
        Context.of("orders").run(() -> {
            for (var i = 0; i < 500; i++) {
                LoggerFactory.getLogger("x").info("{}", i);
            }
        });
    }

    private static void lateLines() {
        for (var i = 0; i < 500; i++) {
            LoggerFactory.getLogger("x").info("{}", i);
        }
    }
}
