package io.lull.policy.trigger;

import io.lull.policy.WaitRule;
import io.lull.policy.signal.SampleView;

/**
 * Says whether waiting on for a cheaper moment costs more than it saves: the rule of the policy {@code lull} within an
 * epoch.
 *
 * <p>What is lost is counted as a share of the VM. With h frames held, C clients, W the price of waiting, b the busy
 * share that a pause would take from the guest, and P(D) the pause with the D pages that are dirty by now:
 *
 * <pre>
 * q    = waiting clients / C          answered connections with held output; all that is held when the guest rests
 * L    = max(b, W·q)                  what each moment of a pause costs: a VM that stands still loses all, once
 * wait = W·q + L·P′(D)·D′             what each moment of waiting costs
 * fire when  wait − g ≥ s·(L − L₀)·P(D)
 * </pre>
 *
 * where g is the long-run average loss, s the rate at which idle slots begin, and L₀ the same as L in an idle slot.
 *
 * <p>Derivation. Checkpoints renew the process, so by renewal-reward the schedule with the least loss per time stops
 * where the marginal loss of going on equals the average loss g (the marginal value theorem). Going on for dt costs
 * wait·dt and, with probability s·dt, an idle slot begins in which the pause costs (L − L₀)·P less: worth the wait only
 * while that gain exceeds wait − g.
 *
 * <p>Regimes. Nothing held: nothing waits, the epoch runs to its longest length. The server works for a closed set of
 * clients: q rises, but a lull is near, so it goes on until all are answered, and then fires at once, without a
 * settling time. A background load keeps the vCPUs busy: L₀ = L, no lull is worth waiting for, and it fires as soon as
 * W·q passes g. A guest that rests with output held (uploads, downloads against a full window): all that is held
 * waits, and it fires.
 */
final class WaitJudge {
    private WaitJudge() {}

    /** Whether the epoch should end now for the sake of what waits. */
    static boolean ends(WaitRule rule, TriggerInput input) {
        SampleView sample = input.sample;
        if (sample.heldPackets == 0) {
            return false;
        }
        boolean answered = sample.requestsPending == 0;
        boolean rests = rests(sample, rule.busyRatio());
        double waiting = rule.waitPriceRatio() * waitingRatio(sample, rests, rule.clients());
        double pausedNow = Math.max(rests || answered ? rule.answeredBusyRatio() : sample.busyRatio, waiting);
        double pausedInSlot = Math.min(pausedNow, Math.max(rule.answeredBusyRatio(), waiting));
        double growth = pausedNow * rule.pauseNanosPerPage() * input.dirtyPagesPerSecond / NANOS_PER_SECOND;
        double saving = rule.slotsPerSecond()
                / NANOS_PER_SECOND
                * (pausedNow - pausedInSlot)
                * rule.pauseNanosOf(input.dirtyPages);
        return waiting + growth - rule.averageLossRatio() >= saving;
    }

    /** Whether the vCPUs rested through the whole sample, and not for want of a disk. */
    static boolean rests(SampleView sample, double busyRatio) {
        return sample.vcpus > 0
                && sample.elapsedNanos >= sample.intervalNanos
                && sample.busyRatio < busyRatio
                && sample.diskInFlight == 0;
    }

    private static double waitingRatio(SampleView sample, boolean rests, double clients) {
        long answered = Math.max(0, sample.connections - sample.requestsPending);
        double waiting = rests ? sample.heldPackets : Math.min(sample.heldPackets, answered);
        return Math.min(1, waiting / clients);
    }

    private static final double NANOS_PER_SECOND = 1e9;
}
