package io.lull.policy.sim;

import io.lull.policy.Conditions;
import io.lull.policy.EpochPlan;
import io.lull.policy.HardLimits;
import io.lull.policy.Reason;
import io.lull.policy.TriggerReason;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.trigger.TriggerInput;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold at every tick of every run, and in its epochs afterwards; said without the trigger's own code.
 *
 * <p>Also sends commands of all kinds to the worker: for the open epoch, for past ones and ones to come.
 */
final class RunInvariants implements Watcher {
    private static final Set<TriggerReason> WITHOUT_PLAN = EnumSet.of(
            TriggerReason.T_MAX,
            TriggerReason.DIRTY_WATERMARK,
            TriggerReason.HELD_WATERMARK,
            TriggerReason.COMMAND,
            TriggerReason.FALLBACK);

    private final RandomRun run;
    private final HardLimits limits;
    private final Draws draws;
    private final ArrayDeque<EndEpoch> sent = new ArrayDeque<>();
    private long newestPlan = -1;
    private long fallbacks;
    private long commands;
    private long watermarks;
    private long hard;

    RunInvariants(RandomRun run) {
        this.run = run;
        this.limits = run.settings().limits();
        this.draws = new Draws(run.seed() ^ 0x77617463686572L);
    }

    long fallbacks() {
        return fallbacks;
    }

    long commands() {
        return commands;
    }

    long watermarks() {
        return watermarks;
    }

    long hardEnds() {
        return hard;
    }

    @Override
    public void ticked(SimulatedVm vm, TriggerInput input, Optional<TriggerReason> ended, Mailbox toWorker) {
        boolean decides = ended.isPresent() || (vm.isReady() && input.sample.elapsedNanos > 0);
        if (decides) {
            judge(input, ended);
        }
        input.plan.ifPresent(leased -> {
            check(leased.planId() >= newestPlan, "an older plan replaced a newer one", input);
            newestPlan = leased.planId();
        });
        sendCommands(vm, toWorker);
    }

    private void judge(TriggerInput input, Optional<TriggerReason> ended) {
        long elapsed = input.sample.elapsedNanos;
        boolean hardDue = isDue(input, limits.maxEpochNanos());
        boolean dirtyFull = input.dirtyPages >= limits.dirtyPagesWatermark();
        boolean heldFull = input.sample.heldBytes >= limits.heldBytesWatermark();
        boolean planned =
                input.plan.isPresent() && input.nowMicros < input.plan.get().leaseUntilMicros();
        check(!hardDue || ended.equals(Optional.of(TriggerReason.T_MAX)), "the hard T_max was passed", input);
        check(!dirtyFull || ended.isPresent(), "the watermark of dirty pages was passed", input);
        check(!heldFull || ended.isPresent(), "the watermark of held output was passed", input);
        boolean safeDue = isDue(input, limits.safeIntervalNanos()) && elapsed >= limits.minEpochNanos();
        check(planned || !safeDue || ended.isPresent(), "the safe interval was passed without a plan", input);
        if (ended.isEmpty()) {
            return;
        }
        TriggerReason reason = ended.get();
        check(planned || WITHOUT_PLAN.contains(reason), reason + " without a plan that holds", input);
        check(!planned || reason != TriggerReason.FALLBACK, "FALLBACK with a plan that holds", input);
        boolean early = hardDue || dirtyFull || heldFull;
        check(early || elapsed >= limits.minEpochNanos(), reason + " before the hard T_min", input);
        check(isTrue(reason, input, planned), reason + " is not why the epoch ended", input);
        fallbacks += reason == TriggerReason.FALLBACK ? 1 : 0;
        commands += reason == TriggerReason.COMMAND ? 1 : 0;
        watermarks += reason == TriggerReason.DIRTY_WATERMARK || reason == TriggerReason.HELD_WATERMARK ? 1 : 0;
        hard += hardDue ? 1 : 0;
    }

    private boolean isTrue(TriggerReason reason, TriggerInput input, boolean planned) {
        Conditions asked = planned ? input.plan.orElseThrow().plan().conditions() : Conditions.NONE;
        return switch (reason) {
            case T_MAX -> isDue(input, limits.maxEpochNanos()) || (planned && isDue(input, planOf(input)));
            case INTERVAL -> asked.isEmpty() && isDue(input, planOf(input));
            case IDLE_SLOT -> asked.idle().isPresent() || isRested(asked, input);
            case IDLE_WEAK -> asked.idle().isPresent();
            case OUTPUT -> asked.output().isPresent();
            case DIRTY_LIMIT -> asked.dirty().isPresent();
            case WAIT_PRICE, DEADLINE -> asked.waiting().isPresent() && input.sample.openPackets > 0;
            case DIVERGENCE -> asked.divergence().isPresent();
            case COMMAND -> isMeant(input);
            case DIRTY_WATERMARK -> input.dirtyPages >= limits.dirtyPagesWatermark();
            case HELD_WATERMARK -> input.sample.heldBytes >= limits.heldBytesWatermark();
            case FALLBACK -> isDue(input, limits.safeIntervalNanos());
        };
    }

    /** Whether nothing is held, enough was done, and the guest has rested for as long as a pause takes. */
    private static boolean isRested(Conditions asked, TriggerInput input) {
        return asked.waiting().isPresent()
                && input.sample.heldPackets == 0
                && input.workNanos >= asked.waiting().get().readyWorkNanos()
                && input.restNanos >= asked.waiting().get().pauseNanosOf(input.dirtyPages);
    }

    /** Whether a command that was sent, by the watcher or by a job that may, names this epoch and is not too old. */
    private boolean isMeant(TriggerInput input) {
        boolean jobMay = run.candidate().objectives().placement().inJob();
        return sent.stream().anyMatch(end -> names(end, input))
                || jobMay && input.command.filter(end -> names(end, input)).isPresent();
    }

    private static boolean names(EndEpoch end, TriggerInput input) {
        return end.epoch() == input.sample.epoch && end.expiresAtMicros() > input.nowMicros;
    }

    private static long planOf(TriggerInput input) {
        EpochPlan plan = input.plan.orElseThrow().plan();
        Reason reason = plan.reason();
        if (reason.parts().isEmpty()) {
            throw new AssertionError("a plan without a reason");
        }
        return plan.maxEpochNanos();
    }

    private void sendCommands(SimulatedVm vm, Mailbox toWorker) {
        if (draws.uniform() < 0.98) {
            return;
        }
        long epoch = Math.max(1, vm.epoch() + (long) (draws.uniform() * 5) - 2);
        long nowMicros = vm.nowNanos() / 1000;
        long expires = nowMicros + run.settings().control().commandExpiryNanos() / 1000;
        EndEpoch end = new EndEpoch(Reports.VM, 1, epoch, TriggerReason.IDLE_SLOT, true, nowMicros, nowMicros, expires);
        sent.add(end);
        if (sent.size() > 100) {
            sent.removeFirst();
        }
        toWorker.send(vm.nowNanos(), end);
    }

    /**
     * No epoch is longer than the hard T_max, a tick, the order, and the wait for a free checkpoint: with k checkpoints
     * in flight the next waits for the commit of the k-th before it, which a link that stands still delays.
     */
    void judgeEpochs(RunResult result) {
        EpochPoint[] epochs = result.epochs().toArray(new EpochPoint[0]);
        long inReasons =
                result.reasons().values().stream().mapToLong(Long::longValue).sum();
        if (epochs.length < Simulation.KEPT_EPOCHS && inReasons != epochs.length) {
            throw new AssertionError(inReasons + " reasons for " + epochs.length + " epochs, seed " + run.seed());
        }
        int inFlight = run.cost().maxInFlight();
        for (int i = Math.max(1, inFlight); i < epochs.length; i++) {
            long resumedAt = epochs[i].endedAtNanos() - epochs[i].lengthNanos();
            long due = Math.max(limits.maxEpochNanos() / 2, limits.maxEpochNanos() - epochs[i - 1].pauseNanos());
            EpochPoint freed = epochs[i - inFlight];
            long freeAt = freed.endedAtNanos() + freed.commitNanos();
            long latest = Math.max(resumedAt + due, freeAt)
                    + run.settings().tickNanos()
                    + run.cost().orderNanos();
            if (epochs[i].endedAtNanos() > latest) {
                throw new AssertionError(
                        "epoch " + epochs[i] + " ended later than at " + latest + " ns, seed " + run.seed());
            }
        }
    }

    private static boolean isDue(TriggerInput input, long intervalNanos) {
        long elapsed = input.sample.elapsedNanos;
        return elapsed >= intervalNanos / 2 && elapsed + input.lastPauseNanos >= intervalNanos;
    }

    private void check(boolean holds, String otherwise, TriggerInput input) {
        if (!holds) {
            throw new AssertionError(otherwise + " at " + input.nowMicros + " us of the run with seed " + run.seed()
                    + " (" + run.candidate().policy() + ", " + run.candidate().setting() + ")");
        }
    }
}
