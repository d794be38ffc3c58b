package io.lull.worker.primary;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.worker.config.PrimaryConfig;
import io.lull.worker.fence.Backoff;
import io.lull.worker.fence.Fence;
import io.lull.worker.output.GateState;
import io.lull.worker.output.OutputGate;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a VM's output go while no backup protects it, or keeps it: carries out what {@link OutputRights} decides and, where
 * there is a fence, what that grants.
 */
final class OutputKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputKeeper.class);
    /** How long a new VM's output waits for the fence before its first session begins, which may take long. */
    private static final long START_LIMIT_MILLIS = 30_000;
    /** How long a worker that ends waits for the fence. */
    private static final long END_LIMIT_MILLIS = 15_000;

    private final Optional<OutputGate> gate;
    private final Announcer announcer;
    private final OutputRights rights;
    private final Told told;
    private final String backup;
    private final Optional<FencedOutput> fenced;

    /**
     * Keeps the output as it is.
     *
     * @param gate empty when no output is captured
     * @param fence the arbiter; empty without one
     * @param told hears of what the fence says
     */
    OutputKeeper(
            PrimaryConfig config, Optional<OutputGate> gate, Announcer announcer, Optional<Seat> fence, Told told) {
        this.gate = gate;
        this.announcer = announcer;
        this.rights = new OutputRights(config.onBackupLoss(), fence.isPresent());
        this.told = told;
        this.backup = config.backup().address();
        VmId vm = announcer.vm();
        this.fenced = fence.map(seat -> new FencedOutput(
                vm, seat.fence(), new FenceClaim.Party(seat.run(), config.host()), turns(), Backoff.DEFAULT));
    }

    /**
     * A VM's place at a fence.
     *
     * @param run its QEMU process
     */
    record Seat(Fence fence, UUID run) {}

    /** Hears of what the fence says, on its thread. */
    interface Told {
        /** The backup of this session may take over, and what it acknowledged may leave. */
        void recorded(UUID session);

        /** The VM belongs to another. */
        void fenced(String why);
    }

    /** Tells what has become of the VM. */
    interface Fate {
        VmFate now() throws InterruptedException;
    }

    private FencedOutput.Turns turns() {
        return new FencedOutput.Turns() {
            @Override
            public void alone() {
                gate.ifPresent(OutputGate::passThrough);
            }

            @Override
            public void recorded(UUID of) {
                told.recorded(of);
            }

            @Override
            public void fenced(String why) {
                gate.ifPresent(OutputGate::discard);
                told.fenced(why);
            }

            @Override
            public void unanswered(String why) {
                announcer.event(
                        ReplicationEvent.Kind.LEASE_LOST,
                        why + "; output that it has not granted is held until it answers");
            }
        };
    }

    /**
     * Before the first session: the output of a VM whose output was never held leaves until its first checkpoint, and
     * that of any leaves where an operator chose so; with a fence, once that grants it.
     *
     * @param newRun whether it was never held
     */
    void begin(boolean newRun) throws InterruptedException {
        if (fenced.isPresent() && (newRun || rights.flowsWithoutBackup())) {
            fenced.get().goAlone("no backup protects the VM yet");
            fenced.get().awaitAnswer(START_LIMIT_MILLIS);
        }
    }

    /** A session is about to begin; what it tells goes by way of the fence. */
    SessionTurns sessionBegins(UUID id) {
        if (fenced.isEmpty()) {
            return announcer;
        }
        FencedOutput at = fenced.get();
        at.sessionBegins();
        return new FencedTurns(
                announcer, epoch -> at.protect(id, "epoch " + epoch + " is committed on the backup at " + backup));
    }

    /**
     * A session came to nothing or to an end.
     *
     * @param known whether a backup may know of it; one that does, and didn't part in peace, may take over
     * @param atPeace whether the backup has confirmed that it is no longer needed
     */
    void sessionEnded(boolean known, boolean atPeace) {
        if (known) {
            rights.sessionEnded(atPeace);
        }
    }

    /** No backup protects the VM: says so, and lets its output go where that is allowed. */
    void lost(String reason) {
        if (rights.flowsWithoutBackup()) {
            if (fenced.isPresent()) {
                fenced.get().goAlone(reason);
            } else {
                gate.ifPresent(OutputGate::passThrough);
            }
        }
        announcer.lost(reason, rights.consequence(gateState()));
    }

    /**
     * Whether a VM that was to be handed over may run on here, its output held; where there is no fence it may, since nothing
     * leaves that no backup acknowledges.
     *
     * @param limitMillis how long the fence may take; empty after that
     */
    Optional<Boolean> takeBack(String reason, long limitMillis) throws InterruptedException {
        if (fenced.isEmpty()) {
            return Optional.of(true);
        }
        return switch (fenced.get().takeBack(reason, limitMillis)) {
            case ALONE -> Optional.of(true);
            case FENCED -> Optional.of(false);
            case NOTHING, PROTECTED -> Optional.empty();
        };
    }

    /**
     * A backup says that it has the VM. Where there is a fence, that decides: a backup may have had it, and another's it is
     * no more.
     *
     * @return whether the VM is another's, as far as is known within the limit
     */
    boolean isAnothers(String why) throws InterruptedException {
        return fenced.isEmpty() || fenced.get().takeBack(why, END_LIMIT_MILLIS) == FenceStanding.FENCED;
    }

    /** The VM was handed over: nothing of this one ever leaves again, and the fence has nothing to be told. */
    void handedOver() {
        fenced.ifPresent(FencedOutput::handedOver);
        discard();
    }

    /** The VM runs elsewhere: nothing of this one ever leaves again. */
    void discard() {
        rights.fence();
        gate.ifPresent(OutputGate::discard);
    }

    /** What the fence holds, as far as it is known here; empty without a fence. */
    Optional<FenceRecord> record() {
        return fenced.flatMap(FencedOutput::lastSeen);
    }

    private Optional<GateState> gateState() {
        return gate.map(OutputGate::state);
    }

    /**
     * Whether output may flow once this worker lets go of the VM; with a fence that is recorded, or not done.
     *
     * @param fate of the VM, asked for where there is a fence
     */
    boolean flowsAtEnd(Fate fate) {
        if (rights.isFenced()) {
            return false;
        }
        boolean wanted = rights.flowsAtEnd(gateState());
        try {
            return fenced.isEmpty() ? wanted : fencedAtEnd(fate.now(), wanted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean fencedAtEnd(VmFate fate, boolean wanted) throws InterruptedException {
        return switch (fate) {
            case OFF -> {
                if (!fenced.get().leave("the guest is off", END_LIMIT_MILLIS)) {
                    LOG.warn(
                            "vm {}: the fence was not told that the guest is off: before it is started again, say"
                                    + " `lull fence --free`",
                            announcer.vm());
                }
                yield wanted;
            }
            case LOST, OUT_OF_REACH -> false;
            case RUNS -> wanted && alone();
        };
    }

    private boolean alone() throws InterruptedException {
        FencedOutput at = fenced.orElseThrow();
        at.goAlone("the worker ends");
        at.awaitAnswer(END_LIMIT_MILLIS);
        return at.standing() == FenceStanding.ALONE;
    }

    /** Why output is dropped at the end; for an operator. */
    String whyDropped() {
        return rights.flowsAtEnd(gateState())
                ? "the fence has not granted that it flows; start a worker to protect it again"
                : rights.whyDropped();
    }

    @Override
    public void close() {
        fenced.ifPresent(FencedOutput::close);
    }
}
