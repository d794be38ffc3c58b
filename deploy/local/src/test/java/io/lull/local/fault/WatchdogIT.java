package io.lull.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.local.ManagedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that is stopped or killed inside a pause does not leave the guest paused. */
@Tag("guest")
@Timeout(180)
class WatchdogIT {
    private static final int WATCHDOG_MILLIS = 1_000;
    private static final long FREE_LIMIT_NANOS = (WATCHDOG_MILLIS + 4_000) * 1_000_000L;
    /** With an epoch of 3 ms the guest is paused for a good part of the time. */
    private static final Map<String, Object> SETTINGS =
            Map.of("qemu.watchdogMillis", WATCHDOG_MILLIS, "limits.safeIntervalMillis", 3);

    private static final int MAX_TRIES = 300;
    private static final int LOOKS = 10;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);
    /** A QEMU that says nothing for so long waits for somebody; well within the watchdog's time. */
    private static final Duration HANG_LIMIT = Duration.ofMillis(400);

    private static final long LIMIT_MILLIS = 60_000;
    private static final long SEED = 20_261_123;

    @TempDir
    static Path folder;

    private static FaultGuest guest;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void boot() throws Exception {
        guest = FaultGuest.bootInSharedMemory(folder);
    }

    @AfterAll
    static void end() {
        guest.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"colo", "shared-memory"})
    void freesTheGuestOfAStoppedWorkerAndTheWorkerProtectsItAgainWhenItGoesOn(String source) throws Exception {
        try (TestBackup backup = TestBackup.manual(folder.resolve("image-" + source), guest.disk("backup"), 0);
                ManagedProcess worker = worker(backup.port(), source)) {
            awaitProtected(worker, backup);
            stopInsideAPause(worker, backup);
            long stoppedNanos = System.nanoTime();

            Await.until("the guest runs", LIMIT_MILLIS, () -> guest.running());

            long freedNanos = System.nanoTime() - stoppedNanos;
            System.out.printf("guest of a stopped worker freed after %.0f ms%n", freedNanos / 1e6);
            assertThat(freedNanos).isLessThan(FREE_LIMIT_NANOS);
            signal(worker, "CONT");
            long goOnNanos = System.nanoTime();
            awaitProtected(worker, backup);
            System.out.printf(
                    "protected again %.0f ms after the worker went on%n", (System.nanoTime() - goOnNanos) / 1e6);
            Await.until("the guest runs between checkpoints", LIMIT_MILLIS, () -> guest.running());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"colo", "shared-memory"})
    void freesTheGuestOfAKilledWorkerAndTheNextWorkerProtectsIt(String source) throws Exception {
        try (TestBackup backup = TestBackup.manual(folder.resolve("image2-" + source), guest.disk("backup"), 0)) {
            try (ManagedProcess worker = worker(backup.port(), source)) {
                awaitProtected(worker, backup);
                stopInsideAPause(worker, backup);
                long killedNanos = System.nanoTime();

                worker.kill();
                Await.until("the guest runs", LIMIT_MILLIS, () -> guest.running());

                long freedNanos = System.nanoTime() - killedNanos;
                System.out.printf("guest of a killed worker freed after %.0f ms%n", freedNanos / 1e6);
                assertThat(freedNanos).isLessThan(FREE_LIMIT_NANOS);
            }
            try (ManagedProcess next = worker(backup.port(), source)) {
                awaitProtected(next, backup);
                assertThat(next.alive()).isTrue();
            }
        }
        assertThat(guest.running()).isTrue();
        assertThat(guest.leftovers()).isEmpty();
    }

    @Test
    void killsAStoppedWorkerForWhichQemuWaitsWithAllThatItDoesSoThatTheGuestRuns() throws Exception {
        try (TestBackup backup = TestBackup.manual(folder.resolve("image3"), guest.disk("backup"), 0);
                ManagedProcess worker = worker(backup.port(), "colo")) {
            awaitProtected(worker, backup);
            stopWhereQemuWaits(worker, backup);
            long stoppedNanos = System.nanoTime();

            Await.until("the guest runs", LIMIT_MILLIS, () -> guest.runningWithin(ANSWER_LIMIT)
                    .orElse(false));

            long freedNanos = System.nanoTime() - stoppedNanos;
            System.out.printf("guest of a worker for which QEMU waited freed after %.0f ms%n", freedNanos / 1e6);
            assertThat(freedNanos).isLessThan(FREE_LIMIT_NANOS);
            Await.until("the worker was killed", LIMIT_MILLIS, () -> !worker.alive());
        }
        assertThat(guest.running()).isTrue();
    }

    private static ManagedProcess worker(int port, String source) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Map<String, Object> settings = new HashMap<>(SETTINGS);
        settings.put("source", source);
        return ManagedProcess.start(
                "agent",
                List.of(
                        java.toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentMain.class.getName(),
                        guest.config(port, settings).toString()),
                folder.resolve("agent.log"));
    }

    private static void awaitProtected(ManagedProcess worker, TestBackup backup) throws IOException {
        try {
            backup.awaitCommits(10);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; the worker said: " + worker.tail(5), e);
        }
    }

    /** Stops the worker at random moments until one lies inside a pause. */
    private void stopInsideAPause(ManagedProcess worker, TestBackup backup) throws IOException {
        for (int i = 0; i < MAX_TRIES; i++) {
            LockSupport.parkNanos(random.nextInt(5_000_000));
            signal(worker, "STOP");
            if (waitsForTheWorker()) {
                return;
            }
            signal(worker, "CONT");
            backup.awaitCommits(1);
        }
        throw new IOException("the worker was never stopped inside a pause; seed " + SEED);
    }

    /** Stops the worker at random moments until QEMU waits for it with all that it does: at a pause it has the disk flushed. */
    private void stopWhereQemuWaits(ManagedProcess worker, TestBackup backup) throws IOException {
        for (int i = 0; i < MAX_TRIES; i++) {
            LockSupport.parkNanos(random.nextInt(5_000_000));
            signal(worker, "STOP");
            if (guest.runningWithin(HANG_LIMIT).isEmpty()) {
                return;
            }
            signal(worker, "CONT");
            backup.awaitCommits(1);
        }
        throw new IOException("QEMU never waited for the worker; seed " + SEED);
    }

    /**
     * A pause that is under way without the worker ends within a few looks; one that waits for the worker does not. A
     * QEMU that does not answer waits for the worker too, with a write to the disk; then the watchdog would kill it.
     */
    private static boolean waitsForTheWorker() throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            if (guest.runningWithin(ANSWER_LIMIT).orElse(true)) {
                return false;
            }
        }
        return true;
    }

    private static void signal(ManagedProcess worker, String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(worker.pid())).start();
        try {
            if (kill.waitFor() != 0) {
                throw new IOException("kill -" + name + " failed: " + worker.tail(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
