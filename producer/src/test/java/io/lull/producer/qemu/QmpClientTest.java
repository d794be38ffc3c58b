package io.lull.producer.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class QmpClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final ObjectNode NO_ARGUMENTS = JsonNodeFactory.instance.objectNode();

    @TempDir
    Path directory;

    private final BlockingQueue<QmpEvent> events = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private FakeQemu qemu;

    @BeforeEach
    void listen() throws IOException {
        qemu = new FakeQemu(socket());
        toClose.add(qemu);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    @Test
    void readsTheVersionFromTheGreeting() throws Exception {
        assertThat(connect(events::add).version()).isEqualTo(new QemuVersion(7, 2, 22, "Debian"));
    }

    @Test
    void isRidOfAPeerThatAnswersAndDoesNotRead() throws Exception {
        QmpClient client = connect(events::add);
        ObjectNode padding = JsonNodeFactory.instance.objectNode().put("padding", "x".repeat(50_000));
        CompletableFuture<QmpException> closed = client.whenClosed();

        // Answers bound what waits for one, not what waits to be read: without a limit, writing would block for ever.
        for (int id = 2; !closed.isDone(); id++) {
            CompletableFuture<JsonNode> answer = client.execute("query-status", padding, LONG);
            if (!closed.isDone()) {
                qemu.send("{\"return\": {}, \"id\": " + id + "}");
                answer.get();
            }
        }

        assertThat(closed.join().kind()).isEqualTo(QmpException.Kind.CLOSED);
        assertThat(closed.join()).hasMessageContaining("does not read");
    }

    @Test
    @Timeout(120)
    void aCallerThatIsInterruptedWhileItWritesCostsNobodyTheMonitor() throws Exception {
        int commands = 3_000;
        QmpClient client = connect(events::add);
        Thread caller = new Thread(() -> {
            for (int i = 0; i < commands && !client.whenClosed().isDone(); i++) {
                CompletableFuture<JsonNode> answer = client.execute("query-status", NO_ARGUMENTS, LONG);
                while (!answer.isDone()) {
                    Thread.onSpinWait();
                }
            }
        });
        Thread interrupter = new Thread(() -> {
            while (caller.isAlive()) {
                caller.interrupt();
            }
        });
        caller.start();
        interrupter.start();

        for (int i = 0; i < commands; i++) {
            qemu.answer(qemu.receive(), "{}");
        }
        caller.join();

        assertThat(client.whenClosed()).isNotDone();
    }

    @Test
    void matchesAnswersToCommandsByIdInWhateverOrderTheyCome() throws Exception {
        QmpClient client = connect(events::add);
        CompletableFuture<JsonNode> first = client.execute("query-status");
        CompletableFuture<JsonNode> second = client.execute("query-block", Map.of("flat", true));
        JsonNode firstCommand = qemu.receive();
        JsonNode secondCommand = qemu.receive();

        qemu.answer(secondCommand, "2");
        qemu.answer(firstCommand, "1");

        assertThat(first.get().intValue()).isEqualTo(1);
        assertThat(second.get().intValue()).isEqualTo(2);
        assertThat(firstCommand.has("arguments")).isFalse();
        assertThat(secondCommand.path("arguments").path("flat").booleanValue()).isTrue();
    }

    @Test
    void aRefusalCarriesQemusClassAndWordsAndLeavesTheConnectionOpen() throws Exception {
        QmpClient client = connect(events::add);
        CompletableFuture<JsonNode> unknown = client.execute("fly");
        qemu.refuse(qemu.receive(), "CommandNotFound", "The command fly has not been found");

        QmpException failure = failureOf(unknown);
        assertThat(failure.kind()).isEqualTo(QmpException.Kind.REFUSED);
        assertThat(failure.errorClass()).contains("CommandNotFound");
        assertThat(failure).hasMessageContaining("fly has not been found");
        assertThat(client.whenClosed()).isNotDone();
    }

    @Test
    void handsEventsToTheListener() throws Exception {
        connect(events::add);
        qemu.send("{\"timestamp\": {\"seconds\": 17, \"microseconds\": 5}, \"event\": \"STOP\"}");
        qemu.send("{\"timestamp\": {\"seconds\": -1, \"microseconds\": -1}, \"event\": \"RESET\","
                + " \"data\": {\"guest\": true}}");

        QmpEvent stop = events.poll(10, TimeUnit.SECONDS);
        QmpEvent reset = events.poll(10, TimeUnit.SECONDS);
        assertThat(stop).isEqualTo(new QmpEvent("STOP", NO_ARGUMENTS, OptionalLong.of(17_000_005)));
        assertThat(reset.timestampMicros()).isEmpty();
        assertThat(reset.data().path("guest").booleanValue()).isTrue();
    }

    @Test
    void aCommandTimesOutAndItsLateAnswerIsDropped() throws Exception {
        QmpClient client = connect(events::add);
        QmpException failure = failureOf(client.execute("stop", NO_ARGUMENTS, Duration.ofMillis(1)));
        assertThat(failure.kind()).isEqualTo(QmpException.Kind.TIMEOUT);

        qemu.answer(qemu.receive(), "{}");
        CompletableFuture<JsonNode> next = client.execute("cont");
        qemu.answer(qemu.receive(), "7");
        assertThat(next.get().intValue()).isEqualTo(7);
    }

    @Test
    void aQemuThatNeverAnswersGetsNoMoreCommandsThanTheLimit() throws Exception {
        QmpClient client = connect(events::add);
        for (int i = 0; i < QmpClient.MAX_OUTSTANDING; i++) {
            assertThat(client.execute("query-status", NO_ARGUMENTS, LONG)).isNotDone();
        }
        QmpException failure = failureOf(client.execute("query-status"));
        assertThat(failure.kind()).isEqualTo(QmpException.Kind.BUSY);

        CompletableFuture<JsonNode> large = client.execute("x", Map.of("a", "b".repeat(70_000)));
        assertThat(failureOf(large).kind()).isEqualTo(QmpException.Kind.BUSY);
    }

    @Test
    void aDeadQemuFailsAllThatIsOutstandingAndAllThatComesLater() throws Exception {
        QmpClient client = connect(events::add);
        CompletableFuture<JsonNode> first = client.execute("stop");
        CompletableFuture<JsonNode> second = client.execute("cont");
        qemu.close();

        assertThat(failureOf(first).kind()).isEqualTo(QmpException.Kind.CLOSED);
        assertThat(failureOf(second).kind()).isEqualTo(QmpException.Kind.CLOSED);
        assertThat(client.whenClosed().get().kind()).isEqualTo(QmpException.Kind.CLOSED);
        assertThatThrownBy(() -> client.call("stop")).isInstanceOf(QmpException.class);
    }

    @Test
    void anInterruptedCallerDoesNotCostTheConnection() throws Exception {
        QmpClient client = connect(events::add);
        Thread.currentThread().interrupt();
        CompletableFuture<JsonNode> outstanding = client.execute("stop");
        assertThat(Thread.interrupted()).isTrue();
        qemu.receive();
        assertThat(client.whenClosed()).isNotDone();
        client.close();
        assertThat(failureOf(outstanding)).hasMessageContaining("closed on this side");
    }

    @Test
    void closingTwiceIsTheSameAsOnce() throws Exception {
        QmpClient client = connect(events::add);
        CompletableFuture<JsonNode> outstanding = client.execute("stop");
        client.close();
        client.close();
        assertThat(failureOf(outstanding)).hasMessageContaining("closed on this side");
        qemu.receive();
        assertThat(qemu.clientHasGone()).isTrue();
    }

    @Test
    void hostileInputClosesTheConnectionWithAReason() throws Exception {
        for (String hostile : List.of(
                "no json",
                "[]",
                "{}",
                "{\"return\": {}}",
                "{\"return\": {}, \"id\": 99}",
                "{\"return\": {}, \"id\": \"x\"}",
                "{\"return\": {}, \"id\": 1e99}",
                "{\"error\": {\"class\": \"GenericError\", \"desc\": \"bad\"}}",
                "{\"a\": ".repeat(5000),
                "{\"event\": \"STOP\"} {\"event\": \"STOP\"}",
                FakeQemu.GREETING)) {
            QmpException reason = reasonAfter(hostile.getBytes(StandardCharsets.UTF_8), hostile);
            assertThat(reason.kind()).as(hostile).isEqualTo(QmpException.Kind.PROTOCOL);
        }
    }

    @Test
    void dropsTheConnectionWhenALineIsHuge() throws Exception {
        byte[] huge = new byte[QmpCodec.MAX_LINE_BYTES];
        Arrays.fill(huge, (byte) ' ');
        assertThat(reasonAfter(huge, "huge line")).hasMessageContaining("longer than 1048576 bytes");
    }

    @Test
    void aListenerThatThrowsClosesTheConnectionInsteadOfLosingItsReader() throws Exception {
        QmpClient client = connect(event -> {
            throw new IllegalStateException("listener's bug");
        });
        qemu.send("{\"event\": \"STOP\"}");
        assertThat(client.whenClosed().get(10, TimeUnit.SECONDS)).hasMessageContaining("listener's bug");
    }

    @Test
    void saysThatTheMonitorMayBeTakenWhenNothingGreets() {
        QmpException failure = catchThrowableOfType(
                QmpException.class, () -> QmpClient.connect(socket(), events::add, Duration.ofMillis(20)));
        assertThat(failure.kind()).isEqualTo(QmpException.Kind.TIMEOUT);
        assertThat(failure).hasMessageContaining("another client may hold this monitor");
    }

    @Test
    void waitsNoLongerForAQemuThatGreetsAndCarriesOutNothing() {
        CompletableFuture<Void> greeting = CompletableFuture.runAsync(() -> qemu.send(FakeQemu.GREETING));
        QmpException failure = catchThrowableOfType(
                QmpException.class, () -> QmpClient.connect(socket(), events::add, Duration.ofSeconds(2)));
        greeting.join();
        assertThat(failure.kind()).isEqualTo(QmpException.Kind.TIMEOUT);
        assertThat(failure).hasMessageContaining("qmp_capabilities");
    }

    @Test
    void refusesAPeerThatAnswersBeforeItGreets() {
        CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> qemu.send("{\"event\": \"STOP\"}"));
        QmpException failure =
                catchThrowableOfType(QmpException.class, () -> QmpClient.connect(socket(), events::add, LONG));
        answering.join();
        assertThat(failure.kind()).isEqualTo(QmpException.Kind.PROTOCOL);
    }

    @Test
    void namesTheSocketThatIsNotThere() {
        Path absent = directory.resolve("absent");
        QmpException failure =
                catchThrowableOfType(QmpException.class, () -> QmpClient.connect(absent, events::add, LONG));
        assertThat(failure.kind()).isEqualTo(QmpException.Kind.CLOSED);
        assertThat(failure).hasMessageContaining("absent").hasMessageContaining("is QEMU running");
    }

    /** The reason for which a new connection closes after these bytes and a line end. */
    private QmpException reasonAfter(byte[] input, String what) throws Exception {
        qemu.close();
        Files.deleteIfExists(socket());
        listen();
        QmpClient client = connect(events::add);
        CompletableFuture<JsonNode> outstanding = client.execute("stop");
        qemu.receive();
        qemu.sendRaw(input);
        try {
            qemu.send("");
        } catch (UncheckedIOException closedByClient) {
            // The client may refuse the line before its end; whenClosed below tells why.
        }
        QmpException reason = client.whenClosed().get(10, TimeUnit.SECONDS);
        assertThat(failureOf(outstanding)).as(what).isSameAs(reason);
        return reason;
    }

    private QmpClient connect(Consumer<QmpEvent> listener) throws Exception {
        CompletableFuture<Void> negotiation = qemu.negotiate();
        QmpClient client = QmpClient.connect(socket(), listener, LONG);
        negotiation.join();
        toClose.add(client);
        return client;
    }

    private Path socket() {
        return directory.resolve("qmp");
    }

    private static QmpException failureOf(CompletableFuture<JsonNode> answer) {
        ExecutionException failure =
                catchThrowableOfType(ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS));
        return (QmpException) Objects.requireNonNull(failure.getCause());
    }
}
