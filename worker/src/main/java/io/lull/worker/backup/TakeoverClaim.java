package io.lull.worker.backup;

import io.lull.policy.Checks;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRuling;
import io.lull.worker.fence.Backoff;
import io.lull.worker.fence.FenceException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the fence for a backup's VM, again and again while it doesn't answer.
 *
 * <p>A claim whose answer was lost may have been granted. From then on only an answer ends the doubt, and until then this
 * backup must not serve a primary: the fence may have it that the VM is here. So it is asked without end then, for nobody else
 * asks: the same claim in the same name, which is granted again where it was before. One caller at a time.
 */
final class TakeoverClaim {
    private static final Logger log = LoggerFactory.getLogger(TakeoverClaim.class);
    private static final long LOOK_MILLIS = 50;

    /** What came of asking. */
    enum Outcome {
        GRANTED,
        /** The VM is not for this backup to run. */
        DENIED,
        /** There was no answer, and nothing can have been granted. */
        UNANSWERED
    }

    /** What came of asking, and why. */
    record Result(Outcome outcome, String reason) {}

    /**
     * How long to ask.
     *
     * @param limitMillis no claim begins later than that after the first, unless one is in doubt
     * @param backoff between two of them
     */
    record Patience(long limitMillis, Backoff backoff) {
        /** 10 minutes. */
        static final Patience DEFAULT = new Patience(600_000, Backoff.DEFAULT);

        Patience {
            Checks.positive("limitMillis", limitMillis);
        }
    }

    private final FenceSeat seat;
    private final Patience patience;
    private boolean inDoubt;
    /** Whether the fence may have it that the VM is here: from a claim on, until it is known that it hasn't. */
    private volatile boolean mayHold;

    /** @param inDoubt whether an earlier process of this name may have been granted it */
    TakeoverClaim(FenceSeat seat, Patience patience, boolean inDoubt) {
        this.seat = seat;
        this.patience = patience;
        this.inDoubt = inDoubt;
        this.mayHold = inDoubt;
    }

    /**
     * Asks until there is an answer, or, while nothing can have been granted, until the limit is over or a primary is back.
     *
     * @param sessions all in which this backup committed
     */
    Result ask(Set<UUID> sessions, String reason, BooleanSupplier primaryIsBack) throws InterruptedException {
        FenceClaim claim = FenceClaim.take(seat.self(), sessions, reason);
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience.limitMillis());
        long pauseMillis = patience.backoff().firstMillis();
        while (true) {
            try {
                // An interrupted claim may have been granted.
                mayHold = true;
                FenceRuling ruling = seat.fence().claim(claim);
                inDoubt = false;
                mayHold = ruling.granted();
                return new Result(ruling.granted() ? Outcome.GRANTED : Outcome.DENIED, ruling.reason());
            } catch (FenceException e) {
                inDoubt |= e.inDoubt();
                mayHold = inDoubt;
                log.error("No takeover yet: {}", e.getMessage());
                boolean late = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis) - deadlineNanos > 0;
                boolean over = !inDoubt && late;
                if (over || awaitRetry(pauseMillis, primaryIsBack)) {
                    String why = over ? "asked long enough" : "the primary is back";
                    return new Result(Outcome.UNANSWERED, why + ": " + e.getMessage());
                }
                pauseMillis = patience.backoff().after(pauseMillis);
            }
        }
    }

    /** Whether a primary has come back that may be served. */
    private boolean awaitRetry(long pauseMillis, BooleanSupplier primaryIsBack) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
        while (endNanos - System.nanoTime() > 0) {
            if (!inDoubt && primaryIsBack.getAsBoolean()) {
                return true;
            }
            Thread.sleep(Math.min(LOOK_MILLIS, pauseMillis));
        }
        return false;
    }

    /**
     * Makes way for the primary again, unless the fence can't have the VM here: nothing runs here.
     *
     * @return whether the fence is known not to have it here
     */
    boolean giveBack(String reason) {
        if (!mayHold) {
            return true;
        }
        try {
            // Denied where it never came to be recorded.
            FenceRuling ruling = seat.fence().claim(FenceClaim.giveBack(seat.self(), reason));
            log.info("The VM is {}: {}", ruling.granted() ? "given back" : "not ours to give back", ruling.reason());
            inDoubt = false;
            mayHold = false;
            return true;
        } catch (FenceException e) {
            log.error(
                    "The fence has it, or may, that the VM runs here, and it doesn't: {}. Until `lull fence --free` is said, no"
                            + " primary of it may speak without a backup",
                    e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
