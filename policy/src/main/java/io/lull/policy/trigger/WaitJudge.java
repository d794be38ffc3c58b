package io.lull.policy.trigger;

import io.lull.policy.WaitRule;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.Waiting;

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
 * wait = W·q + (L − g)·dP/dt           what each moment of waiting costs: a longer pause is time in which g is lost
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
        if (sample.openPackets == 0) {
            return false;
        }
        boolean rests = Waiting.rests(sample, rule.busyRatio());
        boolean answered = sample.requestsPending <= rule.stuckRequests();
        double price = rule.waitPriceRatio();
        double waiting = price * (rests ? 1 : held(rule, sample));
        double pausedNow = Math.max(rests || answered ? rule.answeredBusyRatio() : sample.busyRatio, waiting);
        if ((rests || answered) && waiting >= price * Waiting.WHOLE_RATIO && pausedNow <= waiting) {
            return true;
        }
        if (!rests && sample.epoch % PROBE_EPOCHS == 0) {
            return false;
        }
        double average = rule.averageLossRatio();
        double pausedInSlot = Math.min(pausedNow, Math.max(rule.answeredBusyRatio(), waiting));
        double saving = rule.slotsPerSecond()
                / NANOS_PER_SECOND
                * (pausedNow - pausedInSlot)
                * rule.pauseNanosOf(input.dirtyPages);
        return waiting - average >= saving;
    }

    /** q·s of a guest that does not rest. */
    private static double held(WaitRule rule, SampleView sample) {
        double share = Waiting.share(sample.openPackets, rule.talkPackets());
        double now = share * Waiting.starving(sample, share, rule.stuckRequests(), rule.saturatedBusyRatio());
        double workLeftNanos = Math.max(0, rule.talkPackets() - sample.heldPackets) * rule.nanosPerPacket();
        return workLeftNanos < rule.gapNanos() ? Math.max(now, Math.min(share, AHEAD)) : now;
    }

    /** One epoch in so many waits for rest, so that what the whole conversation is can be seen. */
    static final int PROBE_EPOCHS = 32;

    /**
     * What a moment of waiting costs once the work that is left fits into the gap after the checkpoint: it leaves the
     * server without work for as long later, and lengthens the epoch twice.
     */
    private static final double AHEAD = 0.5;

    private static final double NANOS_PER_SECOND = 1e9;
}
