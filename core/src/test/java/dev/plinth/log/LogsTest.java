package dev.plinth.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.LoggerContext;
import dev.plinth.context.Context;
import dev.plinth.context.Job;
import dev.plinth.context.TraceIds;
import dev.plinth.schema.ByteSize;
import dev.plinth.schema.Live;
import dev.plinth.time.ManualTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MarkerFactory;

@Isolated("SLF4J and System.out exist once in a process")
@Timeout(60)
class LogsTest {
    private static final Logger LOG = LoggerFactory.getLogger("com.acme.Orders");
    private static final TraceIds TRACE =
            new TraceIds("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7", true);

    private final ManualTime time = new ManualTime();
    private final Recorder recorder = new Recorder();
    private final List<Logs> open = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeEach
    void onlyTheLinesOfThisTest() {
        assertThat(threads()).isEmpty();
    }

    @AfterEach
    void nothingIsLeft() {
        open.forEach(Logs::close);
        assertThat(threads()).isEmpty();
        assertThat(time.pending()).isZero();
        assertThat(LoggerFactory.getLogger("root").isDebugEnabled()).isFalse();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("plinth-log"))
                .toList();
    }

    private static LogConfig config() {
        return config(LogCaller.WARNINGS, Map.of(), false, Optional.empty(), new ByteSize(8 << 20));
    }

    private static LogConfig config(
            LogCaller caller, Map<String, LogLevel> levels, boolean console, Optional<LogFile> file, ByteSize queue) {
        return new LogConfig(
                LogFormat.JSON,
                Live.of(LogLevel.INFO),
                Live.of(levels),
                caller,
                console,
                file,
                queue,
                Duration.ofMillis(300),
                "");
    }

    private Logs attach(LogConfig config, String service) {
        var logs = Logs.attach(config, service, time);
        open.add(logs);
        return logs;
    }

    private Logs attach() {
        var logs = attach(config(), "orders");
        logs.add(recorder);
        return logs;
    }

    private LogRecord last(Logs logs) {
        assertThat(logs.flush()).isTrue();
        return recorder.records().getLast();
    }

    // What a line carries

    @Test
    void carriesWhatTheContextKnows() {
        var logs = attach();
        var before = Instant.now();

        Context.of("orders")
                .withTrace(TRACE, null)
                .withJob(new Job("7", "import"))
                .run(() -> LOG.info("created {} of {}", 1, "b"));

        var record = last(logs);
        assertThat(record.timestamp()).isBetween(before, Instant.now());
        assertThat(record.level()).isEqualTo(LogLevel.INFO);
        assertThat(record.service()).isEqualTo("orders");
        assertThat(record.logger()).isEqualTo("com.acme.Orders");
        assertThat(record.message()).isEqualTo("created 1 of b");
        assertThat(record.trace()).isEqualTo(TRACE);
        assertThat(record.job()).isEqualTo(new Job("7", "import"));
        assertThat(record.thread()).isEqualTo(Thread.currentThread().getName());
        assertThat(record.caller()).isNull();
        assertThat(record.fields()).isEmpty();
        assertThat(record.thrown()).isNull();
    }

    @Test
    void noJobLeaksIntoTheNextLine() throws InterruptedException {
        var logs = attach();
        var job = Context.of("orders").withJob(new Job("7", "import"));

        job.run(() -> LOG.info("in"));
        LOG.info("after");
        assertThatThrownBy(() -> job.run(() -> {
                    LOG.info("in again");
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        LOG.info("after it failed");
        job.call(() -> {
            var other = Thread.ofVirtual().start(() -> LOG.info("on a thread of its own"));
            other.join();
            return null;
        });

        logs.flush();
        assertThat(recorder.records())
                .extracting(LogRecord::message, record -> record.job().id(), record -> record.job()
                        .name())
                .containsExactly(
                        tuple("in", "7", "import"),
                        tuple("after", "unknown", "unknown"),
                        tuple("in again", "7", "import"),
                        tuple("after it failed", "unknown", "unknown"),
                        tuple("on a thread of its own", "unknown", "unknown"));
    }

    @Test
    void withoutContextTheServiceIsTheOnlyOneThereIs() {
        var logs = attach();
        LOG.info("one");
        var second = attach(config(), "billing");
        LOG.info("two");
        Context.of("billing").run(() -> LOG.info("billing's"));
        second.close();
        LOG.info("one again");

        logs.flush();
        assertThat(recorder.records())
                .extracting(LogRecord::message, LogRecord::service)
                .containsExactly(
                        tuple("one", "orders"),
                        tuple("two", ""),
                        tuple("billing's", "billing"),
                        tuple("one again", "orders"));
    }

    @Test
    void carriesMarkersMdcAndKeyValues_inThisOrder() {
        var logs = attach();
        MDC.put("tenant", "t1");
        try {
            LOG.atInfo()
                    .addMarker(MarkerFactory.getMarker("AUDIT"))
                    .addKeyValue("b", 2)
                    .addKeyValue("a", () -> List.of(1))
                    .log("m");
        } finally {
            MDC.clear();
        }
        LOG.info("n");

        logs.flush();
        assertThat(recorder.records().getFirst().fields())
                .containsExactly(
                        new LogRecord.Field("tags", List.of("AUDIT")),
                        new LogRecord.Field("tenant", "t1"),
                        new LogRecord.Field("b", 2),
                        new LogRecord.Field("a", List.of(1)));
        assertThat(recorder.records().getLast().fields()).isEmpty();
    }

    @Test
    void readsArgumentsOnTheCallingThread() {
        var logs = attach();
        var argument = new StringBuilder("before");

        LOG.info("{}", argument);
        argument.append(" and after");

        assertThat(last(logs).message()).isEqualTo("before");
    }

    @Test
    void survivesArgumentsThatThrow_andNull() {
        var logs = attach();
        LOG.info("{}", new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no");
            }
        });
        assertThat(last(logs).message()).isEqualTo("[FAILED toString()]");
        LOG.info(null);
        assertThat(last(logs).message()).isEqualTo("null");
        LOG.atInfo().addKeyValue(null, (Object) null).log("m");
        assertThat(last(logs).fields()).containsExactly(new LogRecord.Field("null", null));
    }

    @Test
    void cutsWhatIsHuge() {
        var logs = attach();
        LOG.info("x".repeat(1_000_000));

        assertThat(last(logs).message()).isEqualTo("x".repeat(32_768) + "... [cut: 1000000 characters]");
    }

    @Test
    void carriesTheThrowable() {
        var logs = attach();
        LOG.error("failed", new IllegalStateException("boom", new IOException()));

        var thrown = last(logs).thrown();
        assertThat(thrown.type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(thrown.message()).isEqualTo("boom");
        assertThat(thrown.lines())
                .startsWith("java.lang.IllegalStateException: boom")
                .contains("Caused by: java.io.IOException");
    }

    @Test
    void namesANamelessVirtualThread() throws InterruptedException {
        var logs = attach();
        var thread = Thread.ofVirtual().start(() -> LOG.info("m"));
        thread.join();

        assertThat(last(logs).thread()).isEqualTo("virtual-" + thread.threadId());
    }

    @Test
    void saysWhereWarningsAndErrorsComeFrom() {
        var logs = attach();
        LOG.warn("m");
        assertThat(last(logs).caller())
                .extracting(
                        StackTraceElement::getFileName,
                        StackTraceElement::getClassName,
                        StackTraceElement::getMethodName)
                .containsExactly("LogsTest.java", LogsTest.class.getName(), "saysWhereWarningsAndErrorsComeFrom");
        LOG.atError().addKeyValue("a", 1).log("m");
        assertThat(last(logs).caller().getMethodName()).isEqualTo("saysWhereWarningsAndErrorsComeFrom");
        LOG.info("m");
        assertThat(last(logs).caller()).isNull();
    }

    @Test
    void saysItAlwaysOrNeverWhereAskedTo() {
        var always = attach(config(LogCaller.ALWAYS, Map.of(), false, Optional.empty(), new ByteSize(1 << 20)), "a");
        always.add(recorder);
        LOG.info("m");
        assertThat(last(always).caller()).isNotNull();
        always.close();

        var never = attach(config(LogCaller.NEVER, Map.of(), false, Optional.empty(), new ByteSize(1 << 20)), "a");
        var other = new Recorder();
        never.add(other);
        LOG.error("m");
        never.flush();
        assertThat(other.records().getLast().caller()).isNull();
    }

    // Other loggers

    @Test
    void takesWhatSystemLoggersSay() {
        var logs = attach();
        var logger = System.getLogger("org.example.Thing");

        logger.log(System.Logger.Level.WARNING, "{0} of {1}", "a", 5);
        var record = last(logs);
        assertThat(record.message()).isEqualTo("a of 5");
        assertThat(record.level()).isEqualTo(LogLevel.WARN);
        assertThat(record.logger()).isEqualTo("org.example.Thing");
        assertThat(record.caller().getMethodName()).isEqualTo("takesWhatSystemLoggersSay");

        logger.log(System.Logger.Level.ERROR, "broken {", new IllegalStateException("boom"));
        assertThat(last(logs).message()).isEqualTo("broken {");
        assertThat(last(logs).thrown().message()).isEqualTo("boom");
        logger.log(System.Logger.Level.INFO, "broken {", 1);
        assertThat(last(logs).message()).isEqualTo("broken {");
        logger.log(System.Logger.Level.INFO, () -> "{0}");
        assertThat(last(logs).message()).isEqualTo("{0}");

        logger.log(System.Logger.Level.DEBUG, "not this");
        assertThat(last(logs).message()).isEqualTo("{0}");
        assertThat(logger.isLoggable(System.Logger.Level.DEBUG)).isFalse();
        logs.levels().set("org.example", LogLevel.DEBUG);
        assertThat(logger.isLoggable(System.Logger.Level.DEBUG)).isTrue();
    }

    @Test
    void takesWhatJavaUtilLoggingSays_withTheLevelsOfOurs() {
        var logs = attach(
                config(
                        LogCaller.WARNINGS,
                        Map.of("io.otel", LogLevel.DEBUG),
                        false,
                        Optional.empty(),
                        new ByteSize(1 << 20)),
                "orders");
        logs.add(recorder);
        // The test runner has used it before, so it is turned around when the service is up.
        time.advance(Duration.ofSeconds(1));

        var logger = java.util.logging.Logger.getLogger("com.acme.jul.Thing");
        logger.log(java.util.logging.Level.SEVERE, "{0} failed", "it");
        var record = last(logs);
        assertThat(record.message()).isEqualTo("it failed");
        assertThat(record.level()).isEqualTo(LogLevel.ERROR);
        assertThat(record.logger()).isEqualTo("com.acme.jul.Thing");
        assertThat(record.caller().getMethodName()).isEqualTo("takesWhatJavaUtilLoggingSays_withTheLevelsOfOurs");

        var debug = java.util.logging.Level.FINE;
        assertThat(logger.isLoggable(debug)).isFalse();
        assertThat(java.util.logging.Logger.getLogger("io.otel.X").isLoggable(debug))
                .isTrue();
        logs.levels().set("com.acme.jul", LogLevel.DEBUG);
        assertThat(logger.isLoggable(debug)).isTrue();
        logger.fine("fine {0}");
        assertThat(last(logs).message()).isEqualTo("fine {0}");
        assertThat(last(logs).level()).isEqualTo(LogLevel.DEBUG);
        logs.levels().reset("com.acme.jul");
        assertThat(logger.isLoggable(debug)).isFalse();

        logs.close();
        assertThat(java.util.logging.Logger.getLogger("io.otel.X").isLoggable(debug))
                .isFalse();
    }

    @Test
    void logsWhatEndsAThread() throws InterruptedException {
        var logs = attach();
        var thread = Thread.ofPlatform().name("worker").start(() -> {
            throw new IllegalStateException("boom");
        });
        thread.join();

        var record = last(logs);
        assertThat(record.level()).isEqualTo(LogLevel.ERROR);
        assertThat(record.message()).isEqualTo("an exception that nobody caught ended this thread");
        assertThat(record.thread()).isEqualTo("worker");
        assertThat(record.thrown().message()).isEqualTo("boom");

        logs.close();
        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isNull();
    }

    @Test
    void leavesAHandlerOfTheUsersOwnInPlace() {
        Thread.UncaughtExceptionHandler own = (thread, thrown) -> {};
        Thread.setDefaultUncaughtExceptionHandler(own);
        try {
            attach().close();
            assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(own);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(null);
        }
    }

    // Levels and counts

    @Test
    void countsByServiceAndLevel() {
        var logs = attach();
        var billing = attach(config(), "billing");
        Context.of("orders").run(() -> {
            LOG.info("1");
            LOG.info("2");
            LOG.error("3");
            LOG.debug("not enabled");
        });
        Context.of("billing").run(() -> LOG.warn("4"));

        assertThat(logs.count(LogLevel.INFO)).isEqualTo(2);
        assertThat(logs.count(LogLevel.ERROR)).isEqualTo(1);
        assertThat(logs.count(LogLevel.WARN)).isZero();
        assertThat(logs.count(LogLevel.DEBUG)).isZero();
        assertThat(logs.count(LogLevel.OFF)).isZero();
        assertThat(billing.count(LogLevel.WARN)).isEqualTo(1);
        assertThat(billing.count(LogLevel.INFO)).isZero();
    }

    @Test
    void levelsComeFromTheConfiguration() {
        attach(
                config(
                        LogCaller.NEVER,
                        Map.of("com.acme", LogLevel.DEBUG, "com.acme.noisy", LogLevel.OFF),
                        false,
                        Optional.empty(),
                        new ByteSize(1 << 20)),
                "orders");

        assertThat(LoggerFactory.getLogger("com.acme.Orders").isDebugEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("com.acme.Orders").isTraceEnabled()).isFalse();
        assertThat(LoggerFactory.getLogger("com.acme.noisy.X").isErrorEnabled()).isFalse();
        assertThat(LoggerFactory.getLogger("org.other").isInfoEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("org.other").isDebugEnabled()).isFalse();
    }

    @Test
    void levelSetForATimeFallsBack() {
        var levels = attach().levels();

        var set = levels.set("com.acme", LogLevel.DEBUG, Duration.ofMinutes(5));
        assertThat(set)
                .isEqualTo(new LoggerLevel(
                        "com.acme",
                        Optional.of(LogLevel.DEBUG),
                        LogLevel.DEBUG,
                        Optional.of(Instant.parse("2026-01-01T00:05:00Z"))));
        assertThat(LOG.isDebugEnabled()).isTrue();
        time.advance(Duration.ofMinutes(4));
        levels.set("com.acme", LogLevel.TRACE, Duration.ofMinutes(5));
        time.advance(Duration.ofMinutes(4));
        assertThat(LOG.isTraceEnabled()).isTrue();
        time.advance(Duration.ofMinutes(1));

        assertThat(LOG.isDebugEnabled()).isFalse();
        assertThat(levels.get("com.acme"))
                .isEqualTo(new LoggerLevel("com.acme", Optional.empty(), LogLevel.INFO, Optional.empty()));
    }

    @Test
    void levelThatStaysEndsOneThatIsSetForATime() {
        var levels = attach().levels();
        levels.set("ROOT", LogLevel.DEBUG, Duration.ofMinutes(5));
        levels.set("root", LogLevel.WARN);
        time.advance(Duration.ofMinutes(6));

        assertThat(levels.get("ROOT"))
                .isEqualTo(new LoggerLevel("ROOT", Optional.of(LogLevel.WARN), LogLevel.WARN, Optional.empty()));

        assertThat(levels.reset("ROOT").effective()).isEqualTo(LogLevel.INFO);
    }

    @Test
    void listsLoggersAndFindsUnknownOnes() {
        var levels = attach().levels();
        levels.set("com.acme", LogLevel.WARN);

        assertThat(levels.all())
                .startsWith(new LoggerLevel("ROOT", Optional.of(LogLevel.INFO), LogLevel.INFO, Optional.empty()))
                .contains(
                        new LoggerLevel("com.acme", Optional.of(LogLevel.WARN), LogLevel.WARN, Optional.empty()),
                        new LoggerLevel("com.acme.Orders", Optional.empty(), LogLevel.WARN, Optional.empty()));
        assertThat(levels.get("com.acme.never.asked.for"))
                .isEqualTo(
                        new LoggerLevel("com.acme.never.asked.for", Optional.empty(), LogLevel.WARN, Optional.empty()));
        assertThat(levels.reset("com.acme.never.asked.for").own()).isEmpty();
        assertThat(levels.all()).extracting(LoggerLevel::name).doesNotContain("com.acme.never.asked.for");
    }

    @Test
    void refusesNamesAndTimesThatCanNotBe() {
        var levels = attach().levels();
        assertThatThrownBy(() -> levels.set(" ", LogLevel.DEBUG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "' ' is no logger (expected: a name such as com.acme.billing, or ROOT for the one above all)");
        assertThatThrownBy(() -> levels.get("x".repeat(513)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a logger's name of 513 characters (expected: at most 512)");
        assertThatThrownBy(() -> levels.set("a", LogLevel.DEBUG, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("level for PT0S (expected: more than zero and at most 366 days)");
    }

    @Test
    void levelsAreAsBeforeWhenTheLastServiceIsGone() {
        var logs = attach();
        logs.levels().set("com.acme", LogLevel.TRACE);
        logs.levels().set("ROOT", LogLevel.DEBUG, Duration.ofMinutes(1));

        logs.close();

        assertThat(LOG.isDebugEnabled()).isFalse();
        assertThat(LOG.isInfoEnabled()).isTrue();
    }

    // Sinks that are slow, broken, or not there

    @Test
    void neverBlocksTheCaller_dropsAndCounts_andSaysSo() {
        var logs =
                attach(config(LogCaller.NEVER, Map.of(), false, Optional.empty(), new ByteSize(64 * 1024)), "orders");
        var blocked = new CountDownLatch(1);
        logs.add(records -> blocked.await());
        logs.add(recorder);

        for (var i = 0; i < 1000; i++) {
            LOG.info("filler");
        }
        LOG.error("important");
        assertThat(logs.flush()).isFalse();
        var dropped = logs.dropped();
        assertThat(dropped).isBetween(700L, 900L);
        assertThat(logs.count(LogLevel.INFO)).isEqualTo(1000);
        blocked.countDown();

        assertThat(logs.flush()).isTrue();
        LOG.info("room again");
        assertThat(logs.flush()).isTrue();
        // Threads that other tests have left behind may say something too, which is then among what was dropped.
        int atLeast = (int) (1000 - dropped + 2);
        assertThat(recorder.records())
                .filteredOn(record -> record.logger().equals(LOG.getName()))
                .hasSizeBetween(atLeast, atLeast + 5);
        assertThat(recorder.records()).extracting(LogRecord::message).contains("important", "room again");
        // Once for each batch that was written meanwhile.
        var told = recorder.records().stream()
                .filter(record -> record.logger().equals("dev.plinth.log"))
                .map(LogRecord::message)
                .toList();
        assertThat(told).allMatch(each -> each.matches("dropped [0-9]+ messages \\{.*}: log.queue was full"));
        assertThat(told.stream()
                        .mapToLong(each -> Long.parseLong(each.split(" ", 3)[1]))
                        .sum())
                .isEqualTo(dropped);
    }

    @Test
    void countsWhatASinkCanNotWrite_saysItOnce_andGoesOn() {
        var logs = attach();
        var lostBefore = logs.lost();
        var full = new AtomicBoolean(true);
        var written = new ArrayList<String>();
        logs.add(records -> {
            if (full.get()) {
                throw new IOException("No space left on device");
            }
            records.forEach(record -> written.add(record.message()));
        });

        var said = capture(System::setErr, System.err, () -> {
            LOG.info("a");
            logs.flush();
            LOG.info("b");
            logs.flush();
        });
        assertThat(said.lines())
                .singleElement()
                .asString()
                .startsWith("plinth log: dev.plinth.log.LogsTest$$Lambda")
                .endsWith("can't be written: java.io.IOException: No space left on device. Messages are lost, and"
                        + " counted, until it can be.");
        assertThat(logs.lost() - lostBefore).isEqualTo(2);
        full.set(false);
        LOG.info("c");
        logs.flush();

        assertThat(written).hasSize(2);
        assertThat(written.getFirst()).isEqualTo("c");
        assertThat(written.getLast()).endsWith(" works again; lost 2 messages");
        assertThat(recorder.records()).extracting(LogRecord::message).containsExactly("a", "b", "c");
    }

    @Test
    void discardsWhatASinkLogsItself() {
        var logs = attach();
        logs.add(records -> LOG.info("from the sink"));

        LOG.info("m");
        logs.flush();

        assertThat(recorder.records()).extracting(LogRecord::message).containsExactly("m");
    }

    @Test
    void aSinkThatIsRemovedGetsWhatWasThere_andIsClosed() {
        var logs = attach();
        LOG.info("a");
        logs.remove(recorder);
        LOG.info("b");
        logs.flush();

        assertThat(recorder.records()).extracting(LogRecord::message).containsExactly("a");
        assertThat(recorder.closed()).isTrue();
    }

    @Test
    void aServiceTakesItsSinksWithIt() {
        attach();
        var billing = attach(config(), "billing");
        var sink = new Recorder();
        billing.add(sink);
        LOG.info("a");
        billing.close();
        LOG.info("b");

        assertThat(sink.records()).extracting(LogRecord::message).containsExactly("a");
        assertThat(sink.closed()).isTrue();
        assertThat(recorder.closed()).isFalse();
        assertThatThrownBy(() -> {
                    open.forEach(Logs::close);
                    billing.add(sink);
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a sink is added while no service is attached to the log");
    }

    // Console, file, life cycle

    @Test
    void writesToStandardOutputAndAFile() throws IOException {
        var path = folder.resolve("logs/orders.log");
        var file = new LogFile(path, LogFormat.TEXT, new ByteSize(1 << 20), false, 3);
        var printed = capture(System::setOut, System.out, () -> {
            var logs =
                    attach(config(LogCaller.NEVER, Map.of(), true, Optional.of(file), new ByteSize(1 << 20)), "orders");
            LOG.info("hello");
            logs.close();
        });

        assertThat(printed)
                .startsWith("{\"timestamp\":\"")
                .contains("\"severity\":\"INFO\",\"service\":\"orders\",\"logger\":\"com.acme.Orders\","
                        + "\"message\":\"hello\"")
                .endsWith("}\n");
        assertThat(Files.readString(path)).endsWith(" INFO  [orders] [main] com.acme.Orders: hello\n");
    }

    @Test
    void aFileThatCanNotBeOpenedFailsTheStart_andChangesNothing() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        var path = folder.resolve("file/orders.log");
        var file = new LogFile(path, LogFormat.AUTO, new ByteSize(1 << 20), false, 3);

        assertThatThrownBy(() -> attach(
                        config(
                                LogCaller.NEVER,
                                Map.of("com.acme", LogLevel.TRACE),
                                true,
                                Optional.of(file),
                                new ByteSize(1 << 20)),
                        "orders"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("log.file.path: " + path + " can't be written (java.nio.file.FileAlreadyExistsException: "
                        + folder.resolve("file") + "). Choose another path, or give the process the right to write"
                        + " there.");
        assertThat(LOG.isDebugEnabled()).isFalse();
        attach();
    }

    @Test
    void linesAfterTheLastServiceGoStraightToStandardOutput() {
        attach().close();

        var printed = capture(System::setOut, System.out, () -> LOG.info("bye"));

        assertThat(printed)
                .contains("\"service\":\"\"")
                .contains("\"message\":\"bye\"")
                .endsWith("}\n");
    }

    @Test
    void standardOutputThatLogsDoesNotRecur() {
        var printed = new AtomicReference<String>("");
        var before = System.out;
        System.setOut(new PrintStream(new ByteArrayOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) {
                printed.set(printed.get() + length);
                LOG.info("again");
            }
        });
        try {
            LOG.info("m");
        } finally {
            System.setOut(before);
        }

        assertThat(printed.get()).hasSizeBetween(2, 3);
    }

    @Test
    void aSecondConfigurationIsToldWhatHolds() {
        var logs = attach();
        attach(
                config(LogCaller.ALWAYS, Map.of("a", LogLevel.WARN), false, Optional.empty(), new ByteSize(8 << 20)),
                "billing");

        assertThat(last(logs).message())
                .isEqualTo("service 'billing' asks for another log configuration (log.levels, log.caller); the process"
                        + " keeps that of 'orders'");
        assertThat(LoggerFactory.getLogger("a").isInfoEnabled()).isTrue();
    }

    @Test
    void theSameServiceMayBeThereTwice() {
        var logs = attach();
        var twin = attach(config(), "orders");
        twin.close();
        twin.close();
        LOG.info("m");

        assertThat(last(logs).service()).isEqualTo("orders");
        assertThat(logs.count(LogLevel.INFO)).isEqualTo(1);
    }

    @Test
    void stopsInTimeWhenASinkIsStuck() {
        var logs = attach();
        var blocked = new CountDownLatch(1);
        logs.add(records -> blocked.await());
        LOG.info("a");

        var said = capture(System::setErr, System.err, () -> {
            var start = System.nanoTime();
            logs.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        });

        assertThat(said).contains("plinth log: 1 lines were not written within 300 ms");
        blocked.countDown();
        while (!threads().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void comesBackAfterSomebodyResetLogback() {
        attach().close();
        ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();

        var logs = attach(config(), "orders");
        var other = new Recorder();
        logs.add(other);
        LOG.info("m");
        logs.flush();

        assertThat(other.records()).extracting(LogRecord::message).containsExactly("m");
    }

    private static String capture(java.util.function.Consumer<PrintStream> set, PrintStream before, Runnable work) {
        var bytes = new ByteArrayOutputStream();
        set.accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            set.accept(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
