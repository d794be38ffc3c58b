package io.lull.worker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.qemu.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchProcessTest {
    private static final long LIMIT_NANOS = 10_000_000_000L;

    /** Room for what is said at once: threads that take turns at every 1,024 bytes are slow on a busy machine. */
    private static final int PIPE_BYTES = 1 << 16;

    private final PipedOutputStream says = new PipedOutputStream();
    private final PipedInputStream hears = new PipedInputStream();
    private final AtomicInteger ends = new AtomicInteger();

    private BatchProcess process(long limitNanos) throws IOException {
        return new BatchProcess(
                "tc",
                new PipedInputStream(says, PIPE_BYTES),
                new PipedOutputStream(hears),
                ends::incrementAndGet,
                limitNanos);
    }

    private void say(String text) throws IOException {
        says.write(text.getBytes(StandardCharsets.UTF_8));
        says.flush();
    }

    @AfterEach
    void end() throws IOException {
        says.close();
    }

    @Test
    void givesALineForEachCommandAndReadsTheAnswer() throws Exception {
        BatchProcess tc = process(LIMIT_NANOS);
        say("[{\"kind\":\"plug\"}]\n[]\n");
        assertThat(tc.ask("do this", "do that", "show").path(0).path("kind").asText())
                .isEqualTo("plug");
        assertThat(tc.ask("show")).isEmpty();
        assertThat(tc.given()).isEqualTo(4);
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(hears, StandardCharsets.UTF_8))) {
            for (String line : new String[] {"do this", "do that", "show", "show"}) {
                assertThat(commands.readLine()).isEqualTo(line);
            }
        }
        assertThat(tc.works()).isTrue();
    }

    @Test
    void aCommandThatFailsSaysWhyAndNothingIsAskedAnyMore() throws Exception {
        BatchProcess tc = process(LIMIT_NANOS);
        say("Error: Qdisc not found.\nCommand failed -:1\n");
        says.close();
        assertThatThrownBy(() -> tc.ask("do this", "show"))
                .hasMessageContaining("do this")
                .hasMessageContaining("Qdisc not found")
                .hasMessageContaining("Command failed -:1");
        assertThat(tc.works()).isFalse();
        assertThat(ends).hasValue(1);
        assertThatThrownBy(() -> tc.ask("show")).hasMessageContaining("is gone").hasMessageContaining("not found");
    }

    @Test
    void anAnswerAfterAComplaintIsNone() throws Exception {
        BatchProcess tc = process(LIMIT_NANOS);
        say("Warning: whatever\n[]\n");
        says.close();
        assertThatThrownBy(() -> tc.ask("show")).hasMessageContaining("whatever");
    }

    @Test
    void oneThatEndsWithoutAWordFails() throws Exception {
        BatchProcess tc = process(LIMIT_NANOS);
        says.close();
        Await.until("its end is noticed", () -> !tc.works());
        assertThatThrownBy(() -> tc.ask("show")).hasMessageContaining("it ended");
    }

    @Test
    void oneThatHangsIsEnded() throws Exception {
        BatchProcess tc = process(20_000_000);
        assertThatThrownBy(() -> tc.ask("show")).hasMessageContaining("no answer within 20 ms");
        assertThat(ends).hasValue(1);
        assertThat(tc.works()).isFalse();
    }

    @Test
    void whatIsNoJsonOrNeverEndsFails() throws Exception {
        BatchProcess tc = process(LIMIT_NANOS);
        say("[{\n");
        assertThatThrownBy(() -> tc.ask("show")).hasMessageContaining("no JSON");
    }

    @Test
    void aLineWithoutAnEndIsNotKeptForEver() throws Exception {
        BatchProcess tc = process(LIMIT_NANOS);
        Thread talker = new Thread(() -> talk(says));
        talker.setDaemon(true);
        talker.start();
        assertThatThrownBy(() -> tc.ask("show")).hasMessageContaining("longer than");
    }

    private static void talk(OutputStream out) {
        byte[] much = new byte[1 << 16];
        java.util.Arrays.fill(much, (byte) '[');
        try {
            while (true) {
                out.write(much);
            }
        } catch (IOException nobodyListens) {
            return;
        }
    }

    @Test
    void aRealTcAnswersAndARealTcRefuses() throws Exception {
        try (CommandLine tc = BatchProcess.ofThisMachine().tc()) {
            assertThat(tc.ask("qdisc show dev lo").isArray()).isTrue();
            assertThat(tc.ask("qdisc show dev lo").isArray()).isTrue();
            assertThatThrownBy(() -> tc.ask("qdisc show dev lull-none", "qdisc show dev lo"))
                    .hasMessageContaining("lull-none")
                    .hasMessageContaining("Command failed");
        }
        try (CommandLine ip = BatchProcess.ofThisMachine().ip()) {
            assertThat(ip.ask("link show").path(0).path("ifname").asText()).isEqualTo("lo");
        }
    }
}
