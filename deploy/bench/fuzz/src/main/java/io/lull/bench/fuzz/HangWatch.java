package io.lull.bench.fuzz;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks for inputs that don't come to an end. A thread in one can't be stopped: it is left behind and reported. */
final class HangWatch implements AutoCloseable {
    /** Wall-clock time that no input may take, on a machine that is busy with other things. */
    static final long LIMIT_NANOS = 20_000_000_000L;

    private static final long LOOK_MILLIS = 50;

    private final long limitNanos;
    private final Consumer<Violation> report;
    private final List<Seat> seats = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::look, "fuzz-hang-watch");
    private volatile boolean closed;

    /** One thread's place, where it says what it is at. */
    static final class Seat {
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable Sitting now;

        private record Sitting(String target, byte[] input, long sinceNanos) {}

        void begin(String target, byte[] input) {
            now = new Sitting(target, input, System.nanoTime());
        }

        void end() {
            now = null;
        }
    }

    HangWatch(long limitNanos, Consumer<Violation> report) {
        this.limitNanos = limitNanos;
        this.report = report;
        thread.setDaemon(true);
        thread.start();
    }

    /** A place for the calling thread. */
    Seat seat() {
        Seat seat = new Seat();
        seats.add(seat);
        return seat;
    }

    private void look() {
        try {
            while (!closed) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                seats.forEach(this::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Seat seat) {
        Seat.Sitting sitting = seat.now;
        if (sitting == null || System.nanoTime() - sitting.sinceNanos() < limitNanos) {
            return;
        }
        StringBuilder where = new StringBuilder();
        for (StackTraceElement frame : seat.thread.getStackTrace()) {
            where.append("\n\tat ").append(frame);
        }
        seats.remove(seat);
        report.accept(new Violation(
                Violation.Kind.HANG,
                sitting.target(),
                "not back after " + limitNanos / 1_000_000 + " ms" + where,
                sitting.input()));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
