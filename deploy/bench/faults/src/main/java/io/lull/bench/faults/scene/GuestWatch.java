package io.lull.bench.faults.scene;

import io.lull.bench.faults.check.Pauses;
import io.lull.bench.faults.plan.Aim;
import io.lull.bench.faults.plan.Phase;
import io.lull.producer.qemu.QmpClient;
import io.lull.producer.qemu.QmpEvent;
import io.lull.producer.qemu.QmpException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** Looks on at a guest's pauses through a monitor of its own, and says when a moment has come. Thread-safe. */
public final class GuestWatch implements AutoCloseable {
    private static final Duration QMP_LIMIT = Duration.ofSeconds(10);
    private static final long EPOCH_LIMIT_MILLIS = 3_000;

    private final Pauses pauses = new Pauses();
    private final PrintStream log;
    private final QmpClient monitor;
    private long stops;
    private long resumes;
    private long lastEventNanos;

    /**
     * @param socket of a monitor of the guest's QEMU that nobody else uses
     * @param log where each event is written to, for whoever asks why a pause was long
     */
    public GuestWatch(Path socket, Path log) throws IOException {
        this.log = new PrintStream(Files.newOutputStream(log), true, StandardCharsets.US_ASCII);
        try {
            monitor = QmpClient.connect(socket, this::event, QMP_LIMIT);
            monitor.whenClosed().thenRun(this::ended);
        } catch (QmpException e) {
            throw new IOException("the guest can't be watched: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private synchronized void event(QmpEvent event) {
        long nowNanos = System.nanoTime();
        log.println(LocalTime.now() + " " + event.name());
        if (event.name().equals("STOP")) {
            pauses.stopped(nowNanos);
            stops++;
        } else if (event.name().equals("RESUME")) {
            pauses.resumed(nowNanos);
            resumes++;
        } else {
            return;
        }
        lastEventNanos = nowNanos;
        notifyAll();
    }

    /** A guest whose QEMU has ended is not left paused. */
    private synchronized void ended() {
        pauses.resumed(System.nanoTime());
    }

    /**
     * Returns at a moment like that which was aimed at, in the first epoch whose phase lasts for so long; false, when there was none
     * in three seconds.
     *
     * @throws IOException when interrupted
     */
    public boolean await(Aim aim) throws IOException {
        LockSupport.parkNanos(aim.waitMillis() * 1_000_000L);
        long endNanos = System.nanoTime() + EPOCH_LIMIT_MILLIS * 1_000_000;
        do {
            OptionalLong begunNanos = begun(aim.phase(), endNanos);
            if (begunNanos.isEmpty()) {
                return false;
            }
            LockSupport.parkNanos(begunNanos.getAsLong() + aim.delayMicros() * 1_000L - System.nanoTime());
        } while (now().paused() != (aim.phase() == Phase.PAUSE));
        return true;
    }

    /** Waits for the event that begins a phase; when it came. */
    private synchronized OptionalLong begun(Phase phase, long endNanos) throws IOException {
        long before = counted(phase);
        while (counted(phase) == before) {
            long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return OptionalLong.empty();
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return OptionalLong.of(lastEventNanos);
    }

    /**
     * How the guest is at a moment, by QEMU's own events.
     *
     * @param resumes that have been seen
     */
    public record Moment(boolean paused, long resumes) {
        /** Whether it was paused now and all the time until then; QEMU may have ended in that pause. */
        public boolean isInOnePauseUntil(Moment later) {
            return paused && resumes == later.resumes;
        }
    }

    /** How it is now. */
    public synchronized Moment now() {
        return new Moment(pauses.goesOn(), resumes);
    }

    private long counted(Phase phase) {
        return phase == Phase.PAUSE ? stops : resumes;
    }

    /** From {@code sinceNanos} until now we ourselves kept QEMU from going on. */
    public synchronized void excuse(long sinceNanos) {
        pauses.excuse(sinceNanos, System.nanoTime());
    }

    /** What is wrong with the pauses so far. */
    public synchronized Optional<String> judge(long limitNanos) {
        return pauses.judge(limitNanos, System.nanoTime());
    }

    @Override
    public void close() {
        monitor.close();
        log.close();
    }
}
