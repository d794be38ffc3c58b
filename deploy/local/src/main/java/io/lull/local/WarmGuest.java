package io.lull.local;

import io.lull.local.GuestSpec.Seat;
import io.lull.local.kafka.ControlAccess;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpException;
import io.lull.worker.qemu.QmpCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/**
 * A guest that has booted once, kept as QEMU's own stream of its state and a copy of its disk, so that many stacks go on
 * from there: under TCG a boot takes many times as long as taking that in.
 *
 * @param state QEMU's stream
 * @param disk its raw disk image at that moment
 * @param console what it had printed
 */
public record WarmGuest(Path state, Path disk, String console) {
    private static final long SAVE_LIMIT_MILLIS = 60_000;
    private static final long RESTORE_LIMIT_MILLIS = 30_000;
    private static final Duration GREETING_LIMIT = Duration.ofSeconds(10);

    /** Boots a guest as a stack with these options would, and saves it in a folder. */
    public static WarmGuest boot(LocalOptions options, ControlAccess control, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (LocalStack stack = LocalStack.start(options, Surroundings.of(control))) {
            return save(stack.primarySeat(), folder);
        }
    }

    /** The guest is left stopped, and of no further use. */
    private static WarmGuest save(Seat seat, Path folder) throws IOException {
        Path state = folder.resolve("state");
        Path disk = folder.resolve("disk.raw");
        try (QmpClient client = connect(seat)) {
            QmpCalls monitor = new QmpCalls(client);
            monitor.execute("migrate", Map.of("uri", "exec:cat > '" + state + "'"));
            Await.until("the guest is saved", SAVE_LIMIT_MILLIS, () -> {
                String status = monitor.execute("query-migrate", Map.of())
                        .path("status")
                        .asText();
                if (status.equals("failed")) {
                    throw new IOException("QEMU could not save the guest to " + state);
                }
                return status.equals("completed");
            });
        }
        Files.copy(seat.disk().orElseThrow(), disk, StandardCopyOption.REPLACE_EXISTING);
        return new WarmGuest(state, disk, Files.readString(seat.console(), StandardCharsets.ISO_8859_1));
    }

    /** Waits until a QEMU that was started from this has taken all in and runs the guest. */
    static void awaitRestored(Seat seat) throws IOException {
        Await.until("QEMU listens", RESTORE_LIMIT_MILLIS, () -> Files.exists(seat.observerQmp()));
        try (QmpClient client = connect(seat)) {
            QmpCalls monitor = new QmpCalls(client);
            Await.until("the guest goes on", RESTORE_LIMIT_MILLIS, () -> monitor.execute("query-status", Map.of())
                    .path("running")
                    .asBoolean());
        }
    }

    private static QmpClient connect(Seat seat) throws IOException {
        try {
            return QmpClient.connect(seat.observerQmp(), event -> {}, GREETING_LIMIT);
        } catch (QmpException e) {
            throw new IOException("QEMU can't be asked: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
