package io.lull.worker.qemu;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** Waits for a condition, with a limit that only a hang reaches. */
public final class Await {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    public static void until(String what, Condition condition) throws Exception {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > LIMIT_NANOS) {
                throw new AssertionError("waited in vain until " + what);
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** The same where nothing checked may be thrown. */
    public static void untilIs(int wanted, String what, IntSupplier now) {
        try {
            until(what + " is " + wanted, () -> now.getAsInt() == wanted);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
