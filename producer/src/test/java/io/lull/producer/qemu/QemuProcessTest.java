package io.lull.producer.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against a real QEMU; it fails where QEMU is not installed. */
@Tag("guest")
@Timeout(60)
class QemuProcessTest {
    @TempDir
    Path directory;

    @Test
    void asksARealQemuAllItsQuestions() throws Exception {
        BlockingQueue<QmpEvent> events = new LinkedBlockingQueue<>();
        Process process = startQemu();
        try (QmpClient client = connectWhenUp(process, events)) {
            QemuQueries queries = new QemuQueries(client);
            assertThat(client.version().isAtLeast(7, 2, 0)).isTrue();
            assertThat(queries.status()).isEqualTo(new QemuQueries.RunStatus(true, "running"));
            assertThat(queries.commands()).contains("query-cpus-fast", "x-colo-lost-heartbeat", "migrate");
            assertThat(queries.migrationStatus()).isEqualTo("none");
            assertThat(queries.vcpuThreads()).hasSizeLessThanOrEqualTo(1);
            assertThat(queries.blockDevices()).isEmpty();
            assertThat(queries.kvm().enabled()).isFalse();

            QmpException refused = catchThrowableOfType(
                    QmpException.class, () -> client.call("device_add", Map.of("driver", "no-such-device")));
            assertThat(refused.kind()).isEqualTo(QmpException.Kind.REFUSED);

            client.call("stop");
            QmpEvent stop = events.poll(10, TimeUnit.SECONDS);
            assertThat(stop.name()).isEqualTo("STOP");
            assertThat(stop.timestampMicros()).isPresent();

            client.call("quit");
            assertThat(client.whenClosed().get(10, TimeUnit.SECONDS).kind()).isEqualTo(QmpException.Kind.CLOSED);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    private Process startQemu() throws IOException {
        return new ProcessBuilder(
                        "qemu-system-x86_64",
                        "-M",
                        "none",
                        "-nodefaults",
                        "-display",
                        "none",
                        "-qmp",
                        "unix:" + socket() + ",server=on,wait=off")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("qemu.log").toFile())
                .start();
    }

    private QmpClient connectWhenUp(Process process, BlockingQueue<QmpEvent> events) throws Exception {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                return QmpClient.connect(socket(), events::add, Duration.ofSeconds(10));
            } catch (QmpException notYet) {
                assertThat(process.isAlive()).as(() -> "QEMU ended: " + log()).isTrue();
                assertThat(System.nanoTime()).as("QMP socket is up in time").isLessThan(deadlineNanos);
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("qemu.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Path socket() {
        return directory.resolve("qmp");
    }
}
