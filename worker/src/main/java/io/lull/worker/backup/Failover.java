package io.lull.worker.backup;

import io.lull.policy.VmId;
import io.lull.worker.fence.StepTimes;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.Refused;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the standby the VM.
 *
 * <pre>
 *   STANDBY --decision--&gt; DECIDED --complete epochs applied, fence grants, marker written--&gt; GRANTED --VM runs--&gt; RUNNING
 *                            |                                                                |
 *   DECIDED, GRANTED --fault before the standby was told to run, and it is gone--&gt; FAILED
 *   DECIDED, GRANTED --fault, and the standby was told to run or isn't gone--&gt; IN_DOUBT
 *   DECIDED --the fence denies, or doesn't answer and can't have granted it--&gt; STANDBY
 *   DECIDED by this process --the image turns out to be unfit, and isn't torn--&gt; STANDBY
 *   DECIDED while the fence doesn't answer and may have granted it: it is asked without end
 *   UNDECIDED at the start: an earlier process claimed the VM, and told none to run; this one decides at once --&gt; DECIDED
 *   TAKEN_OVER at the start: an earlier process left its marker, and may have told one to run
 * </pre>
 *
 * <p>The fence is asked while the standby is sent its last pages and its device state: a standby never runs by itself, and is
 * told to only when all is granted. One that isn't to run after all is replaced, since a stream can't be taken back.
 *
 * <p>Once it is decided no session begins, and the one that is open is ended: open epochs are dropped, complete ones, which
 * were acknowledged, are applied. Only where the VM runs here, or may, is a primary told to be silent for good; one that
 * asks before that is known is to ask again, and so is one that asks after a takeover that came to nothing. One that asks
 * while the fence can't be reached is let in again, unless the fence may have granted the VM to this backup already.
 */
public final class Failover {
    /** Where a takeover is. The last four are final. */
    public enum State {
        STANDBY,
        DECIDED,
        /** An earlier process decided it, and whether the fence granted it isn't known: to be decided again. */
        UNDECIDED,
        /** The VM is this backup's, and about to run. */
        GRANTED,
        RUNNING,
        /** It came to nothing, and nothing runs here. */
        FAILED,
        /** It failed after the standby was told to run, or the standby could not be ended: the VM may run here. */
        IN_DOUBT,
        /** An earlier process of this backup took the VM over. */
        TAKEN_OVER
    }

    private static final Logger log = LoggerFactory.getLogger(Failover.class);

    private final VmId vm;
    private final BackupParts parts;
    private final ApplyLoop apply;
    private final Committer committer;
    private final LongSupplier nanoClock;
    private final TakeoverRight right;
    private final TakeoverWork work = new TakeoverWork();
    private volatile State state;
    private volatile boolean primaryAsked;
    private volatile boolean toldToRun;
    /** Whether an earlier process had decided it already, and may have been granted it. */
    private volatile boolean goesOn;

    private volatile Optional<Standby> running = Optional.empty();

    /**
     * Nothing is decided yet, unless it was before.
     *
     * @param begin where an earlier process left it: STANDBY, UNDECIDED or TAKEN_OVER
     * @param right what a takeover asks for and notes
     */
    Failover(
            VmId vm,
            State begin,
            TakeoverRight right,
            BackupParts parts,
            ApplyLoop apply,
            Committer committer,
            LongSupplier nanoClock) {
        this.vm = vm;
        this.state = begin;
        this.parts = parts;
        this.apply = apply;
        this.committer = committer;
        this.nanoClock = nanoClock;
        this.right = right;
    }

    public State state() {
        return state;
    }

    /** The process that runs the VM. */
    Optional<Standby> running() {
        return running;
    }

    /** What every primary is told, which so is known to be back; empty while this is a backup. */
    Optional<Refused> refusal() {
        primaryAsked = true;
        return TakeoverRefusal.of(state, running.filter(Standby::isAlive).isPresent(), right.noteFile());
    }

    /** The decision: from here on no primary is accepted. */
    synchronized void decide(String reason) throws FailoverException {
        work.checkOpen();
        if (state == State.TAKEN_OVER) {
            throw new FailoverException("this backup took the VM over before, as " + right.noteFile() + " says");
        }
        if (state != State.STANDBY && state != State.UNDECIDED) {
            throw new FailoverException("a takeover was decided before, it is " + state);
        }
        Optional<String> unfit = committer.basis().unfit();
        if (unfit.isPresent()) {
            throw new FailoverException("no takeover: " + unfit.get());
        }
        goesOn = state == State.UNDECIDED;
        transition(State.DECIDED, reason);
    }

    /**
     * Carries the decision out.
     *
     * @param open the session that is ended by it
     * @param decidedNanos when it was decided
     * @throws FailoverException when the VM doesn't run here, or isn't known to
     */
    FailoverReport carryOut(Optional<BackupSession> open, long decidedNanos, String reason)
            throws FailoverException, InterruptedException {
        work.begin();
        try {
            if (open.isPresent()) {
                open.get().close(LossKind.CLOSED_HERE, "this backup takes over: " + reason);
                open.get().join();
            }
            return takeOver(decidedNanos, reason);
        } catch (IOException e) {
            throw givenUp(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            log.error("Takeover of {}", vm, givenUp("interrupted"));
            throw e;
        } catch (RuntimeException | Error e) {
            if (state != State.RUNNING) {
                log.error("Takeover of {}", vm, givenUp("bug: " + e));
            }
            throw e;
        } finally {
            work.end();
        }
    }

    private FailoverReport takeOver(long decidedNanos, String reason)
            throws FailoverException, IOException, InterruptedException {
        FailoverRule.Basis basis = fitBasis();
        long epoch = basis.epoch().getAsLong();
        CommittedImage image = committer.image().orElseThrow(() -> new IOException("there is no image"));
        HotStandby follower =
                committer.standby().orElseThrow(() -> new IOException("no standby command is configured"));
        boolean hot = follower.state() == HotStandby.State.READY;
        StepTimes times = new StepTimes(nanoClock);
        FilledStandby filled = new FilledStandby(
                follower.handOver(image.deviceState()),
                parts.fence().map(seat -> seat.self().id()));
        OptionalLong fenceNanos = OptionalLong.empty();
        if (right.isAsked()) {
            long askedNanos = nanoClock.getAsLong();
            askFence(epoch, reason);
            fenceNanos = OptionalLong.of(nanoClock.getAsLong() - askedNanos);
            times.reached("granted");
        }
        right.note(epoch, reason);
        times.reached("marker written");
        work.settle();
        transition(State.GRANTED, "epoch " + epoch + (hot ? ", hot" : ", cold"));
        Standby standby = filled.await();
        times.reached("standby filled");
        long streamedNanos = nanoClock.getAsLong() - decidedNanos;
        right.use();
        toldToRun = true;
        standby.run();
        times.reached("told to run");
        standby.awaitRunning(parts.standby().resumeLimitNanos());
        long resumedNanos = nanoClock.getAsLong() - decidedNanos;
        times.reached("runs");
        running = Optional.of(standby);
        log.info("Takeover of {}: {}", vm, times);
        transition(State.RUNNING, "epoch " + epoch + ", " + resumedNanos / 1000 + " us after the decision");
        FilledStandby.announce(standby);
        return new FailoverReport(epoch, hot, fenceNanos, streamedNanos, resumedNanos, reason);
    }

    /** What the VM resumes from, judged once more: what the session sent last may have shown that the image is wrong. */
    private FailoverRule.Basis fitBasis() throws FailoverException, IOException, InterruptedException {
        FailoverRule.Basis basis = apply.call(committer::basis);
        if (basis.unfit().isEmpty()) {
            return basis;
        }
        String why = basis.unfit().get();
        if (goesOn || committer.broken().isPresent()) {
            throw new IOException(why);
        }
        // Nothing was asked, noted or streamed yet, and the next session may set the image right.
        transition(State.STANDBY, why);
        throw new FailoverException("no takeover, this stays a backup: " + why);
    }

    /** Returns when it is granted. The session has ended: from here on nothing is acknowledged. */
    private void askFence(long epoch, String reason) throws FailoverException, IOException, InterruptedException {
        primaryAsked = false;
        TakeoverClaim.Result result = right.ask(epoch, reason, () -> primaryAsked);
        switch (result.outcome()) {
            case GRANTED -> {}
            case DENIED, UNANSWERED -> {
                transition(State.STANDBY, "not granted: " + result.reason());
                throw new FailoverException("no takeover, this stays a backup: " + result.reason());
            }
        }
    }

    /** Whether nothing more comes of it, good or bad. */
    boolean isOver() {
        return switch (state) {
            case STANDBY, DECIDED, UNDECIDED, GRANTED -> false;
            case RUNNING, FAILED, IN_DOUBT, TAKEN_OVER -> true;
        };
    }

    private FailoverException givenUp(String why) {
        boolean interrupted = work.undoing();
        try {
            return undone(why);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private FailoverException undone(String why) {
        if (toldToRun) {
            // Clients may have heard it: then no older state of it may speak, and this one is the VM.
            return inDoubt(why + "; its process was told to run: leave it if it does, and the old primary stopped");
        }
        try {
            committer.standby().ifPresent(HotStandby::withdraw);
        } catch (RuntimeException | Error e) {
            return inDoubt(why + "; " + e.getMessage() + "; end that process by hand");
        }
        right.giveBack("the takeover failed, and nothing runs here");
        transition(State.FAILED, why);
        return new FailoverException("takeover failed, the VM doesn't run here: " + why);
    }

    /** Ends a takeover whose VM isn't granted yet, with its process and its claim; waits for one that is granted. */
    void close() {
        if (work.close()) {
            return;
        }
        try {
            committer.standby().ifPresent(HotStandby::withdraw);
            if (state != State.TAKEN_OVER) {
                right.giveBack("this backup is closing, and nothing runs here");
            }
        } catch (IllegalStateException e) {
            log.error("Backup of {} closes, and {}; end that process by hand", vm, e.getMessage());
        }
    }

    private FailoverException inDoubt(String why) {
        transition(State.IN_DOUBT, why);
        return new FailoverException("takeover failed, and the VM may run here all the same: " + why);
    }

    private synchronized void transition(State next, String reason) {
        log.info("Failover of {} {} -> {}: {}", vm, state, next, reason);
        state = next;
        parts.listener().failover(next, reason);
    }
}
