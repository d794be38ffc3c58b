package io.lull.worker.primary;

import io.lull.policy.LeasedPlan;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.trigger.CommandFilter;
import io.lull.policy.trigger.CommandFilter.Standing;
import io.lull.policy.trigger.CommandFilter.Verdict;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the job last told this VM's worker: the plan in force and the command for the open epoch. A command that does
 * not concern this VM and epoch, or came too late, changes nothing; it is counted, and logged once a kind.
 *
 * <p>Leases go by the host's wall clock, which somebody may set. Set forward, it ends the lease, and the next plan is
 * leased by the new time. Set back, it would have a plan hold for longer than it was given for, so that the plan is
 * dropped. A plan with a lower id than the last one is an old one only while that one holds: ids go by the job's clock,
 * and a job that starts over where the clock is behind must not be ignored for that.
 */
final class JobControl {
    private static final Logger LOG = LoggerFactory.getLogger(JobControl.class);
    /** What a lease may be prolonged by when the clock is corrected by little. */
    private static final long BACK_MICROS = 1_000_000;

    /** Hears of a change of who decides. */
    interface Listener {
        void controlChanged(ControlState state, String reason);
    }

    private final VmId vm;
    private final LongSupplier wallMicros;
    private final Listener listener;
    private final Map<Verdict, AtomicLong> ignored = new EnumMap<>(Verdict.class);
    private volatile Optional<StandingPlan> plan = Optional.empty();
    private volatile Optional<EndEpoch> command = Optional.empty();
    private volatile ControlState state = ControlState.FALLBACK;
    private volatile long lookedAtMicros;

    JobControl(VmId vm, LongSupplier wallMicros, Listener listener) {
        this.vm = vm;
        this.wallMicros = wallMicros;
        this.listener = listener;
        for (Verdict verdict : Verdict.values()) {
            ignored.put(verdict, new AtomicLong());
        }
    }

    /** Takes a command in; true when it asks for the end of the open epoch, so that the trigger should look now. */
    boolean accept(WorkerCommand received, long openEpoch) {
        refresh();
        long nowMicros = wallMicros.getAsLong();
        OptionalLong newest = leasedPlan()
                .filter(leased -> leased.holdsAt(nowMicros))
                .map(leased -> OptionalLong.of(leased.planId()))
                .orElse(OptionalLong.empty());
        Verdict verdict = CommandFilter.judge(received, new Standing(vm, openEpoch, newest, nowMicros));
        if (verdict != Verdict.ACCEPTED) {
            ignore(received, verdict);
            return false;
        }
        if (received instanceof EndEpoch end) {
            command = Optional.of(end);
            return true;
        }
        plan = Optional.of((StandingPlan) received);
        refresh();
        return false;
    }

    private void ignore(WorkerCommand received, Verdict verdict) {
        if (count(verdict).incrementAndGet() == 1) {
            LOG.info("ignored a command ({}): {}; further ones of this kind are only counted", verdict, received);
        } else {
            LOG.debug("ignored a command ({}): {}", verdict, received);
        }
    }

    /** Looks at the lease; to be called at every tick. */
    void refresh() {
        long nowMicros = wallMicros.getAsLong();
        if (nowMicros < lookedAtMicros - BACK_MICROS) {
            plan = Optional.empty();
        }
        lookedAtMicros = nowMicros;
        Optional<LeasedPlan> leased = leasedPlan();
        boolean holds = leased.filter(each -> each.holdsAt(nowMicros)).isPresent();
        if (holds && state == ControlState.FALLBACK) {
            transition(
                    ControlState.PLANNED,
                    leased.map(p -> p.plan().policy() + " holds: " + p.plan().reason())
                            .orElse("plan"));
        } else if (!holds && state == ControlState.PLANNED) {
            transition(
                    ControlState.FALLBACK,
                    leased.map(p -> "the lease of plan " + p.planId() + " is over and no newer plan came")
                            .orElse("the host's clock was set back: the plan that was leased by it is dropped"));
        }
    }

    private synchronized void transition(ControlState next, String reason) {
        if (state != next) {
            LOG.info("vm {}: {} -> {}: {}", vm, state, next, reason);
            state = next;
            listener.controlChanged(next, reason);
        }
    }

    ControlState state() {
        return state;
    }

    /** The newest plan, whether or not its lease holds. */
    Optional<LeasedPlan> leasedPlan() {
        return plan.map(StandingPlan::plan);
    }

    /** Most threads that the plan in force grants to the VM's pages; empty when it doesn't say, or none is in force. */
    OptionalInt encodeThreads() {
        return state == ControlState.PLANNED
                ? leasedPlan().map(LeasedPlan::encodeThreads).orElseGet(OptionalInt::empty)
                : OptionalInt.empty();
    }

    /** The decision behind the newest plan; 0 without one. */
    long planDecisionId() {
        return plan.map(StandingPlan::decisionId).orElse(0L);
    }

    /** The newest command that ended, or is to end, an epoch. */
    Optional<EndEpoch> command() {
        return command;
    }

    /** How many commands were ignored for a reason. */
    long ignored(Verdict verdict) {
        return count(verdict).get();
    }

    /** How many commands were ignored. */
    long ignored() {
        return ignored.values().stream().mapToLong(AtomicLong::get).sum();
    }

    private AtomicLong count(Verdict verdict) {
        AtomicLong count = ignored.get(verdict);
        if (count == null) {
            throw new IllegalStateException("no counter for " + verdict);
        }
        return count;
    }
}
