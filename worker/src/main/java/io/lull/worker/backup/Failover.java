package io.lull.worker.backup;

import io.lull.policy.VmId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the standby the VM.
 *
 * <pre>
 *   STANDBY --decision--&gt; DECIDED --all complete epochs applied, fence grants--&gt; STREAMING --VM runs--&gt; RUNNING
 *                            |                                                      |
 *                            +---------------------&gt; FAILED &lt;-----------------------+
 * </pre>
 *
 * <p>Before it is decided, the session must be over and no other may begin: open epochs are dropped, complete ones, which
 * were acknowledged, are applied. RUNNING and FAILED are final.
 */
public final class Failover {
    /** Where a takeover is. */
    public enum State {
        STANDBY,
        DECIDED,
        STREAMING,
        RUNNING,
        FAILED
    }

    private static final Logger log = LoggerFactory.getLogger(Failover.class);
    /** How long acknowledged epochs may take to be applied, and an image to be streamed. */
    private static final long STREAM_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final VmId vm;
    private final Optional<Fence> fence;
    private final StandbyOptions options;
    private final BackupListener listener;
    private final LongSupplier nanoClock;
    private volatile State state = State.STANDBY;
    private volatile Optional<Standby> running = Optional.empty();

    Failover(VmId vm, Optional<Fence> fence, StandbyOptions options, BackupListener listener, LongSupplier nanoClock) {
        this.vm = vm;
        this.fence = fence;
        this.options = options;
        this.listener = listener;
        this.nanoClock = nanoClock;
    }

    public State state() {
        return state;
    }

    /** The process that runs the VM. */
    Optional<Standby> running() {
        return running;
    }

    /** The decision: from here on no primary is accepted. */
    synchronized void decide(String reason) throws FailoverException {
        if (state != State.STANDBY) {
            throw new FailoverException("a takeover was decided before, it is " + state);
        }
        transition(State.DECIDED, reason);
    }

    /**
     * Carries the decision out.
     *
     * @param apply what applies the epochs
     * @param committer what holds the image
     * @param decidedNanos when it was decided
     */
    FailoverReport carryOut(ApplyLoop apply, Committer committer, long decidedNanos, String reason)
            throws FailoverException, InterruptedException {
        try {
            return takeOver(apply, committer, decidedNanos, reason);
        } catch (IOException e) {
            throw fail(String.valueOf(e.getMessage()));
        }
    }

    private FailoverReport takeOver(ApplyLoop apply, Committer committer, long decidedNanos, String reason)
            throws IOException, FailoverException, InterruptedException {
        Optional<String> broken = apply.call(committer::broken);
        if (broken.isPresent()) {
            throw fail(broken.get());
        }
        CommittedImage image = committer.image().orElseThrow(() -> fail("there is no image"));
        long epoch = image.committedEpoch().orElseThrow(() -> fail("no epoch was committed"));
        HotStandby follower = committer.standby().orElseThrow(() -> fail("no standby command is configured"));
        if (fence.isPresent() && !fence.get().mayTakeOver(vm, epoch)) {
            throw fail("the fence doesn't let this host run the VM");
        }
        boolean hot = follower.state() == HotStandby.State.READY;
        transition(State.STREAMING, "epoch " + epoch + (hot ? ", hot" : ", cold"));
        Standby standby = stream(follower, image.deviceState());
        long streamedNanos = nanoClock.getAsLong() - decidedNanos;
        try {
            standby.awaitRunning(options.resumeLimitNanos());
        } catch (IOException e) {
            standby.withdraw();
            throw e;
        }
        long resumedNanos = nanoClock.getAsLong() - decidedNanos;
        running = Optional.of(standby);
        transition(State.RUNNING, "epoch " + epoch + ", " + resumedNanos / 1000 + " us after the decision");
        announce(standby);
        return new FailoverReport(epoch, hot, streamedNanos, resumedNanos, reason);
    }

    private static Standby stream(HotStandby follower, ByteBuffer deviceState)
            throws IOException, InterruptedException {
        try {
            return follower.handOver(deviceState).get(STREAM_LIMIT_NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("the standby took more than " + STREAM_LIMIT_NANOS / 1_000_000_000 + " s", e);
        }
    }

    /** The VM runs already: switches that learn its place late are no reason to end it. */
    private static void announce(Standby standby) throws InterruptedException {
        try {
            standby.announceSelf();
        } catch (IOException e) {
            log.warn("The VM runs, but did not announce its addresses: {}", e.toString());
        }
    }

    private FailoverException fail(String why) {
        transition(State.FAILED, why);
        return new FailoverException("takeover failed, the VM doesn't run here: " + why);
    }

    private synchronized void transition(State next, String reason) {
        log.info("Failover of {} {} -> {}: {}", vm, state, next, reason);
        state = next;
        listener.failover(next, reason);
    }
}
