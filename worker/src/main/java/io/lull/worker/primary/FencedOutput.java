package io.lull.worker.primary;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.fence.FenceRuling;
import io.lull.worker.fence.Backoff;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the fence for what a primary may release without its backup, on a thread of its own, until it answers.
 *
 * <p>There is one wish at a time; a new one replaces the one before, and what comes of a replaced one changes nothing but
 * what is known. Output is let go only here, and only while the fence has it that this run of the VM is alone and nothing
 * else is wished: that, and that ALONE is given up before a commit is recorded, is this side's half of the fence.
 */
final class FencedOutput implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FencedOutput.class);
    private static final long JOIN_MILLIS = 1_000;

    /** What comes of the claims; called from the fence's thread. */
    interface Turns {
        /** All output may leave from now on; must return at once. */
        void alone();

        /** The backup of this session may take over from now on, and what it acknowledges may leave. */
        void recorded(UUID session);

        /** The VM belongs to another, for good. */
        void fenced(String why);

        /** The fence doesn't answer; said once until it does. */
        void unanswered(String why);
    }

    private final VmId vm;
    private final Fence fence;
    private final FenceClaim.Party run;
    private final Turns turns;
    private final Backoff backoff;
    private final Thread thread;
    private FenceStanding standing = FenceStanding.NOTHING;
    private final FenceWish wish = new FenceWish();
    /** The claim whose grant lets nothing go. */
    private Optional<FenceClaim> kept = Optional.empty();

    private boolean silent;

    /**
     * Asks for nothing yet.
     *
     * @param run this run of the VM
     */
    FencedOutput(VmId vm, Fence fence, FenceClaim.Party run, Turns turns, Backoff backoff) {
        this.vm = vm;
        this.fence = fence;
        this.run = run;
        this.turns = turns;
        this.backoff = backoff;
        this.thread = new Thread(this::serve, "lull-fence");
        thread.setDaemon(true);
        thread.start();
    }

    /** The backup is lost, or was never there: wants all output to leave, at once where that is granted already. */
    synchronized void goAlone(String reason) {
        kept = Optional.empty();
        if (standing == FenceStanding.ALONE) {
            wish.clear();
            turns.alone();
        } else if (standing != FenceStanding.FENCED) {
            standing = FenceStanding.NOTHING;
            wish.want(FenceClaim.goAlone(run, reason));
        }
    }

    /**
     * The VM was to be handed over and may have been: asks for it back, and lets nothing go by that. Once it is granted no
     * backup takes the VM over by the session of before.
     *
     * @return what is known after that, within the limit
     */
    FenceStanding takeBack(String reason, long limitMillis) throws InterruptedException {
        synchronized (this) {
            if (standing != FenceStanding.FENCED) {
                standing = FenceStanding.NOTHING;
                FenceClaim claim = FenceClaim.goAlone(run, reason);
                wish.want(claim);
                kept = Optional.of(claim);
            }
        }
        awaitAnswer(limitMillis);
        return standing();
    }

    /** The VM was handed over and runs elsewhere. */
    synchronized void handedOver() {
        transition(FenceStanding.FENCED, "handed over");
        wish.clear();
    }

    /** A session begins, whose backup is told since when output was held: none is let go here until it has ended. */
    synchronized void sessionBegins() {
        wish.clear(FenceClaim.Kind.GO_ALONE);
    }

    /**
     * A backup has committed the first epoch of a session, and output has been held since that epoch ended: wants that it
     * may take over.
     *
     * @return whether what it acknowledges may leave at once, since this side was alone: else another backup, which is
     *     recorded still, might take over from an image that knows nothing of it
     */
    synchronized boolean protect(UUID session, String reason) {
        boolean wasAlone = standing == FenceStanding.ALONE;
        if (standing != FenceStanding.FENCED) {
            standing = FenceStanding.NOTHING;
            wish.want(FenceClaim.protect(run, session, reason));
        }
        return wasAlone;
    }

    /** Makes way for the next run of the VM; whether that was recorded within the limit. */
    boolean leave(String reason, long limitMillis) throws InterruptedException {
        synchronized (this) {
            if (standing == FenceStanding.FENCED) {
                return false;
            }
            standing = FenceStanding.NOTHING;
            wish.want(FenceClaim.leave(run, reason));
        }
        return awaitAnswer(limitMillis);
    }

    /** Waits until nothing is wished any more, or the limit; whether the fence has answered. */
    boolean awaitAnswer(long limitMillis) throws InterruptedException {
        return wish.awaitNone(limitMillis);
    }

    synchronized FenceStanding standing() {
        return standing;
    }

    /** The newest record that is known here. */
    Optional<FenceRecord> lastSeen() {
        return fence.lastSeen();
    }

    private void serve() {
        try {
            Optional<FenceClaim> next = wish.next();
            while (next.isPresent()) {
                ask(next.get());
                next = wish.next();
            }
        } catch (InterruptedException e) {
            LOG.debug("vm {}: the fence is asked no more", vm);
        }
    }

    /** Until it is answered or replaced. */
    private void ask(FenceClaim claim) throws InterruptedException {
        long pauseMillis = backoff.firstMillis();
        while (true) {
            FenceException why;
            try {
                answered(claim, fence.claim(claim));
                return;
            } catch (FenceException e) {
                why = e;
            } catch (RuntimeException e) {
                // Output would be held for good if nobody asked any more; what was granted is granted again.
                LOG.error("vm {}: bug when it was asked to {}; asking on", vm, claim.kind(), e);
                why = new FenceException("a bug: " + e, true, e);
            }
            unanswered(claim, why);
            if (!wish.staysFor(claim, pauseMillis)) {
                return;
            }
            pauseMillis = backoff.after(pauseMillis);
        }
    }

    private void answered(FenceClaim claim, FenceRuling ruling) {
        boolean current;
        synchronized (this) {
            silent = false;
            current = wish.is(claim);
            if (ruling.granted()) {
                granted(claim, current);
            } else {
                transition(FenceStanding.FENCED, ruling.reason());
                current = true;
            }
            if (current) {
                wish.clear();
            }
        }
        if (!ruling.granted()) {
            turns.fenced(ruling.reason());
        } else if (current && claim.kind() == FenceClaim.Kind.PROTECT) {
            turns.recorded(claim.sessions().iterator().next());
        }
    }

    private void granted(FenceClaim claim, boolean current) {
        if (claim.kind() == FenceClaim.Kind.GO_ALONE) {
            // A wish that came meanwhile, to be protected, must not find this side alone.
            if (current || wish.isNone()) {
                transition(FenceStanding.ALONE, claim.reason());
            }
            if (current && !kept.equals(Optional.of(claim))) {
                turns.alone();
            }
        } else if (current && claim.kind() == FenceClaim.Kind.PROTECT) {
            transition(FenceStanding.PROTECTED, claim.reason());
        }
    }

    private void unanswered(FenceClaim claim, FenceException why) {
        boolean first;
        synchronized (this) {
            first = !silent;
            silent = true;
        }
        if (first) {
            LOG.error("vm {}: asked to {}: {}; asking on", vm, claim.kind(), why.getMessage());
            turns.unanswered(String.valueOf(why.getMessage()));
        } else {
            LOG.debug("vm {}: asked to {}: {}", vm, claim.kind(), why.getMessage());
        }
    }

    private void transition(FenceStanding next, String reason) {
        LOG.info("vm {}: at the fence {} -> {}: {}", vm, standing, next, reason);
        standing = next;
    }

    /** Asks no more; what was granted stays recorded. */
    @Override
    public void close() {
        wish.close();
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        fence.close();
    }
}
