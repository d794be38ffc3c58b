package io.lull.worker.primary;

import io.lull.worker.protocol.HandedOver;
import io.lull.worker.protocol.Handover;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the VM to its backup on purpose, once: the guest stands still after its next checkpoint, and the backup is told to
 * run it from there when it holds all of it.
 *
 * <pre>
 *   BEGUN ──the last epoch is committed──▶ COMMITTED ──HANDOVER is sent──▶ HANDED ──"runs"──▶ DONE
 *     │                                        │                             │ │
 *     └──not within the limit, session lost────┴────▶ BACK ◀──"refused"──────┘ │
 *                                                      ▲                       │ "failed", no answer, session lost
 *                                                      └─────the fence grants──┤
 *                                                            BARRED ◀──denies──┘
 * </pre>
 *
 * <p>Up to COMMITTED the backup may take the VM over as ever, if it loses this side. From HANDED on the guest runs here only
 * after "refused", or once the fence has it that this side is alone: the backup's claim is denied from then on. While the
 * fence doesn't answer, the guest stands still. One thread carries it out.
 */
final class Switchover {
    private static final Logger LOG = LoggerFactory.getLogger(Switchover.class);
    /** For the next checkpoint to be taken and committed. */
    static final long COMMIT_LIMIT_MILLIS = 10_000;
    /** For the backup to run the VM, or to say that it doesn't. */
    static final long ANSWER_LIMIT_MILLIS = 30_000;
    /** For one look at whether the fence has answered; it is asked all the time. */
    static final long FENCE_LOOK_MILLIS = 1_000;

    /** Where it is; the last three are final. */
    enum State {
        BEGUN,
        COMMITTED,
        HANDED,
        /** The VM runs on the backup. */
        DONE,
        /** The guest runs on here. */
        BACK,
        /** The guest stands still here, and the backup has the VM. */
        BARRED
    }

    /** What a session can do for a switchover. */
    interface Side {
        LastEpoch standStill();

        /** Done with the backup's answer, or with none when the session is lost. */
        CompletableFuture<Optional<HandedOver>> handOver(Handover handover) throws InterruptedException;

        /** Ends the session; the guest runs on unless it stays. */
        void end(String reason);
    }

    /** What the VM and the fence can. */
    interface Vm {
        /** Whoever dies here from now on, the guest isn't freed. */
        void bar();

        void unbar();

        /** Whether the guest may run on here; empty when the fence has not answered within the limit. */
        Optional<Boolean> takeBack(String reason, long limitMillis) throws InterruptedException;
    }

    private final Side session;
    private final Vm vm;
    private final LongSupplier nanoClock;
    private final BooleanSupplier worksOn;
    private State state = State.BEGUN;

    /** A switchover of a session that is protected; {@code worksOn} says whether this worker isn't told to end. */
    Switchover(Side session, Vm vm, LongSupplier nanoClock, BooleanSupplier worksOn) {
        this.session = session;
        this.vm = vm;
        this.nanoClock = nanoClock;
        this.worksOn = worksOn;
    }

    State state() {
        return state;
    }

    /**
     * Returns when the VM runs on the backup. The guest then stands still here, to be ended.
     *
     * @param done hears of it before anybody else does
     * @throws SwitchoverException when it does not, or isn't known to
     */
    SwitchoverReport carryOut(String reason, Consumer<SwitchoverReport> done)
            throws SwitchoverException, InterruptedException {
        LastEpoch last = session.standStill();
        try {
            OptionalLong epoch = last.awaitCommitted(COMMIT_LIMIT_MILLIS);
            if (epoch.isEmpty()) {
                throw back(last, "the last epoch was not committed within " + COMMIT_LIMIT_MILLIS + " ms");
            }
            transition(State.COMMITTED, "epoch " + epoch.getAsLong());
            // First the watchdog: from the backup's hearing of it on, nothing but the fence's word lets the guest run.
            vm.bar();
            if (!last.hand()) {
                throw back(last, "the session ended before the backup was told");
            }
            transition(State.HANDED, reason);
            return handed(last, Handover.saying(epoch.getAsLong(), reason), done);
        } finally {
            if (state == State.BEGUN || state == State.COMMITTED) {
                back(last, "interrupted");
            } else if (state == State.HANDED) {
                barred(last, "interrupted while it wasn't known where the VM runs");
            }
        }
    }

    private SwitchoverReport handed(LastEpoch last, Handover handover, Consumer<SwitchoverReport> done)
            throws SwitchoverException, InterruptedException {
        Optional<HandedOver> answer = answer(handover);
        String said = answer.map(a -> a.result() + ": " + a.text()).orElse("the backup did not answer");
        if (answer.isPresent() && answer.get().result() == HandedOver.Result.RUNS) {
            SwitchoverReport report = new SwitchoverReport(
                    handover.epoch(),
                    nanoClock.getAsLong() - last.stoodNanos().orElseThrow(),
                    answer.get().text());
            done.accept(report);
            last.stay();
            transition(State.DONE, said);
            return report;
        }
        if (answer.isPresent() && answer.get().result() == HandedOver.Result.REFUSED) {
            throw back(last, said);
        }
        while (worksOn.getAsBoolean()) {
            Optional<Boolean> mine = vm.takeBack("a switchover came to nothing: " + said, FENCE_LOOK_MILLIS);
            if (mine.isPresent() && mine.get()) {
                SwitchoverException failed = back(last, said);
                session.end("a switchover came to nothing: " + said);
                throw failed;
            }
            if (mine.isPresent()) {
                throw barred(last, said + "; the fence has it that the backup has the VM");
            }
        }
        throw barred(last, said + "; the fence does not say who has the VM, and this worker ends");
    }

    private Optional<HandedOver> answer(Handover handover) throws InterruptedException {
        try {
            return session.handOver(handover).get(ANSWER_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer is never exceptional", e);
        }
    }

    private SwitchoverException back(LastEpoch last, String why) {
        last.runOn();
        vm.unbar();
        transition(State.BACK, why);
        return new SwitchoverException("no switchover, the VM runs on here: " + why);
    }

    private SwitchoverException barred(LastEpoch last, String why) {
        last.stay();
        transition(State.BARRED, why);
        return new SwitchoverException("the VM stands still here and may run on the backup, see `lull fence`: " + why);
    }

    private void transition(State next, String why) {
        LOG.info("switchover {} -> {}: {}", state, next, why);
        state = next;
    }
}
