package io.lull.worker.fence.kafka;

import io.lull.policy.VmId;
import io.lull.worker.fence.FenceException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a fence made ready for its next claim again and again, on a thread of its own: after each claim, and often enough
 * that a claim which was begun ahead is begun anew soon after another's, no connection is closed for idleness, and a fence that
 * is out of order shows before it is needed.
 */
final class ReadyKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyKeeper.class);
    private static final Duration WHILE_READY = Duration.ofSeconds(5);
    private static final Duration WHILE_NOT = Duration.ofSeconds(1);
    private static final long JOIN_MILLIS = 3_000;

    private final VmId vm;
    private final Preparation preparation;
    private final Thread thread;
    private boolean outOfOrder;
    private boolean asked;
    private boolean closed;

    /** Makes the fence ready. */
    interface Preparation {
        /** Whether it is; not when another claimant came in between, which is no fault. */
        boolean prepare() throws FenceException, InterruptedException;
    }

    ReadyKeeper(VmId vm, Preparation preparation) {
        this.vm = vm;
        this.preparation = preparation;
        this.thread = new Thread(this::serve, "lull-fence-ready");
        thread.setDaemon(true);
        thread.start();
    }

    /** A claim was made: what it used up is to be replaced now. */
    synchronized void wake() {
        asked = true;
        notifyAll();
    }

    private void serve() {
        try {
            Duration pause = WHILE_READY;
            while (await(pause)) {
                pause = prepare() ? WHILE_READY : WHILE_NOT;
            }
        } catch (InterruptedException e) {
            LOG.debug("vm {}: the fence is kept ready no more", vm);
        }
    }

    private boolean prepare() throws InterruptedException {
        try {
            boolean ready = preparation.prepare();
            if (outOfOrder) {
                LOG.info("vm {}: the fence answers again", vm);
            }
            outOfOrder = false;
            return ready;
        } catch (RuntimeException e) {
            if (!outOfOrder) {
                LOG.error("vm {}: bug while the fence was made ready; claims take longer", vm, e);
            }
            outOfOrder = true;
            return false;
        } catch (FenceException e) {
            if (!outOfOrder) {
                LOG.warn("vm {}: the fence could not answer a claim now: {}", vm, e.getMessage());
            }
            outOfOrder = true;
            return false;
        }
    }

    /** Whether to go on; after the time, or at once when asked. */
    private synchronized boolean await(Duration time) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + time.toNanos();
        long leftNanos = time.toNanos();
        while (!asked && !closed && leftNanos > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
            leftNanos = deadlineNanos - System.nanoTime();
        }
        asked = false;
        return !closed;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
