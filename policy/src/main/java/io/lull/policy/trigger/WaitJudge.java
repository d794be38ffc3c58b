package io.lull.policy.trigger;

import io.lull.policy.ServiceRule;
import io.lull.policy.WaitRule;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.Waiting;
import java.util.List;

/**
 * Says whether waiting on for a cheaper moment costs more than it saves: the rule of the policy {@code lull} within an
 * epoch.
 *
 * <p>What is lost is counted as a share of the VM. With W the price of a starving server, b the busy share that a pause
 * would take from the guest, and P(D) the pause with the D pages that are dirty by now:
 *
 * <pre>
 * q    = held frames of the open epoch / talk          share of the conversation; 1 when the guest rests for good
 * s    = share of its work that the server goes without (see {@link Waiting})
 * wait = W · q · s                                      what each moment of waiting costs
 *      ≥ W · min(q, 1/2)   once (talk − held) · time per frame &lt; gap
 * L    = max(b, wait)                                   what each moment of a pause costs: a VM loses all, once
 * fire when  wait − g ≥ h · (L − L₀) · P(D)
 *       or   all waits and L ≤ wait: a pause takes nothing that waiting does not
 *       or   Σ price · starving ≥ Σ loss   over the services that are active, and the work beside them unless the guest rests
 * </pre>
 *
 * where g is the long-run average loss, h the rate at which lulls begin, L₀ the same as L in a lull, and the gap the time
 * from the resume until what a checkpoint releases comes back as new work.
 *
 * <p>Derivation. Checkpoints renew the process, so by renewal-reward the schedule with the least loss per time stops
 * where the marginal loss of going on equals the average loss g (the marginal value theorem). Going on for dt costs
 * wait·dt and, with probability h·dt, a lull begins in which the pause costs (L − L₀)·P less: worth the wait only while
 * that gain exceeds wait − g. The gap counts ahead: work that is left when the guest is paused is done while the
 * released frames travel, when the server would starve; once it all fits in there, each further moment of waiting
 * starves the server as long later, and lengthens the epoch twice, hence the half.
 *
 * <p>Regimes. Nothing held: nothing waits, the epoch runs to its longest length. The server works for a closed set of
 * clients: s is 0 and it goes on until all are answered, or the rest fits into the gap, and fires at once, without a
 * settling time. A background load keeps the vCPUs busy: L₀ = L, no lull is worth waiting for, and it fires as soon as
 * what waits passes g. A guest that rests with output held (uploads, downloads against a full window): all that is held
 * waits, and it fires. Several services: one that starves ends the epoch however busy another is, if it is dear enough.
 * One epoch in {@value #PROBE_EPOCHS} waits for rest: a schedule that always fires early would
 * never see how large the conversation is.
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
        if (!rests && !(answered && sample.txPackets == 0) && probes(rule, sample)) {
            return false;
        }
        if (services(rule, sample, rests)) {
            return true;
        }
        double price = rule.waitPriceRatio();
        double waiting = price * (rests ? saidAll(rule, input) : held(rule, sample));
        double working = Math.min(1, sample.busyRatio / Math.max(LEAST_BUSY_RATIO, rule.saturatedBusyRatio()));
        double pausedNow = Math.max(rests || answered ? rule.answeredBusyRatio() : working, waiting);
        if ((rests || answered) && waiting >= price * Waiting.WHOLE_RATIO && pausedNow <= waiting) {
            return true;
        }
        double average = rule.averageLossRatio();
        double pausedInSlot = Math.min(pausedNow, Math.max(rule.answeredBusyRatio(), waiting));
        double saving = rule.slotsPerSecond()
                / NANOS_PER_SECOND
                * (pausedNow - pausedInSlot)
                * rule.pauseNanosOf(input.dirtyPages);
        return waiting - average >= saving;
    }

    /**
     * Whether a rest without output is used to get ready: a guest that has rested for as long as the pause would take has
     * paid for it already, and its next output will wait for few pages instead of many. Waiting as long as the price
     * before paying it loses at most twice what knowing the future would (the ski rental of Karlin et al., 1988).
     */
    static boolean getsReady(WaitRule rule, TriggerInput input) {
        SampleView sample = input.sample;
        return sample.heldPackets == 0
                && sample.requestsPending <= rule.stuckRequests()
                && Waiting.rests(sample, rule.busyRatio())
                && input.workNanos >= rule.readyWorkNanos()
                && input.restNanos >= rule.pauseNanosOf(input.dirtyPages);
    }

    /**
     * q of a guest that rests: it has said all that it can say. Just after a release it rests because its clients have not
     * reacted yet: until they have, but for no longer than the pause would take, only the frames held since then count, so
     * that a few left over do not make a checkpoint of their own, in the way of the work that is about to come.
     */
    private static double saidAll(WaitRule rule, TriggerInput input) {
        boolean justReleased = input.sinceReleaseNanos < rule.pauseNanosOf(input.dirtyPages);
        return justReleased ? Waiting.share(input.sample.openPackets, rule.talkPackets()) : 1;
    }

    /**
     * Whether the services that are active now lose more than on the average, each counted by its own price. Work beside
     * them is not active while the guest rests, however much of it there was when the plan was made.
     */
    private static boolean services(WaitRule rule, SampleView sample, boolean rests) {
        List<ServiceRule> services = rule.services().services();
        if (services.isEmpty() || sample.services == 0) {
            return false;
        }
        double spareRatio = Waiting.spareRatio(sample.busyRatio, rule.saturatedBusyRatio());
        double more = rests ? 0 : -rule.services().besidesLoss();
        boolean waits = false;
        for (int i = 0; i < services.size(); i++) {
            ServiceRule service = services.get(i);
            for (int j = 0; j < sample.services; j++) {
                if (sample.servicePort[j] == service.port() && sample.serviceClients(j) > 0) {
                    double starving = Waiting.starving(
                            sample.serviceWaiting[j], sample.serviceAsking[j], service.clients(), spareRatio);
                    more += service.priceRatio() * starving - service.lossRatio();
                    waits |= starving > 0;
                }
            }
        }
        return waits && more >= 0;
    }

    /** q·s of a guest that does not rest. */
    private static double held(WaitRule rule, SampleView sample) {
        double share = Waiting.share(sample.openPackets, rule.talkPackets());
        double now = share * Waiting.starving(sample, share, rule.stuckRequests(), rule.saturatedBusyRatio());
        double workLeftNanos = Math.max(0, rule.talkPackets() - sample.heldPackets) * rule.nanosPerPacket();
        return workLeftNanos < rule.gapNanos() ? Math.max(now, Math.min(share, AHEAD)) : now;
    }

    /** Whether this epoch waits for rest, for twice as long as the whole conversation should take. */
    private static boolean probes(WaitRule rule, SampleView sample) {
        return sample.epoch % PROBE_EPOCHS == 0
                && sample.elapsedNanos < 2 * (rule.talkPackets() * rule.nanosPerPacket() + rule.gapNanos());
    }

    private static final double LEAST_BUSY_RATIO = 0.01;

    /** One epoch in so many waits for rest, so that what the whole conversation is can be seen. */
    static final int PROBE_EPOCHS = 32;

    /**
     * What a moment of waiting costs once the work that is left fits into the gap after the checkpoint: it leaves the
     * server without work for as long later, and lengthens the epoch twice.
     */
    private static final double AHEAD = 0.5;

    private static final double NANOS_PER_SECOND = 1e9;
}
