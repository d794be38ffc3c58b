package io.lull.policy.lull;

import io.lull.policy.ServicesRule;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.Waiting;

/**
 * Learns what each service of a VM loses while its clients wait for held output, and how dear its moments are.
 *
 * <pre>
 * held  = clients that wait for what is held of any epoch        asking = further ones that the guest owes something
 * s     = share of the service that stands still (see {@link Waiting#starving(int, int, double, double)})
 * t     = Σ time with held + asking &gt; 0 / Σ time                          pauses and commits included
 * r     = Σ (1 − s) · time in which the guest ran / Σ time with held + asking &gt; 0     at least {@value #LEAST_RATIO}
 * price = 1 / (t·r)                                                  1 / t at most {@value #MOST_RARE}
 * loss  = 1 / t · (1 / r − 1)                                        price · s on the average, pauses included
 * </pre>
 *
 * <p>Derivation. What is to be greatest is the sum of the logarithms of what the services and the work beside them get
 * (proportional fairness, Kelly 1997). A cycle of checkpoint and epoch gives service k the time U it goes on out of the
 * cycle T; where the marginal gain of going on for dt, Σ (1 − s) / U, falls to what a longer cycle costs, one dt / T for
 * each, waiting on loses: Σ price · s ≥ Σ loss, over those that are active now. With one service and work beside it
 * this is the rule of {@code WaitJudge} for the whole conversation; with several it sees that one starves while another
 * is busy. Faded over {@value #TAU_NANOS} ns.
 *
 * <p>A service is there for as long as its clients want something of it, and also while they wait for a commit that is
 * under way. Were it only there while the open epoch holds something for it, the schedule itself would make it look rare:
 * the shorter the epochs, the rarer and the dearer, and the shorter the epochs.
 *
 * <p>Regimes: a single client beside a busy service starves nearly always, and each of its moments is dear; a service
 * that is kept busy loses nothing by the clients of it that wait; of one that waits for its disk those that wait are
 * missing; a flow stands still when its window is full. Work beside a service that is never idle can't be told from the
 * service's own, and is not counted. Beyond {@value ServicesRule#MOST_SERVICES} services the one least active is
 * forgotten. Source: this project.
 */
final class Services {
    static final double TAU_NANOS = 2e9;
    private static final double CLIENTS_TAU_NANOS = 1e9;
    static final double LEAST_RATIO = 0.02;
    static final double MOST_RARE = 10;

    private Services() {}

    /**
     * Takes up a sample.
     *
     * @param saturatedBusyRatio b_full of {@link Waiting}
     * @param lastPauseNanos length of the pause reported last
     */
    static void update(ServicesState state, SampleView sample, double saturatedBusyRatio, long lastPauseNanos) {
        double kept = Math.max(0, 1 - sample.intervalNanos / TAU_NANOS);
        double ranNanos = ranNanos(state, sample, lastPauseNanos);
        state.nanos = kept * state.nanos + sample.intervalNanos;
        for (int i = 0; i < state.port.length && state.port[i] != 0; i++) {
            state.activeNanos[i] *= kept;
            state.servedNanos[i] *= kept;
        }
        if (sample.services > 0) {
            double busyRatio = ranNanos > 0 ? Math.min(1, sample.busyRatio * sample.intervalNanos / ranNanos) : 1;
            take(state, sample, ranNanos, Waiting.spareRatio(busyRatio, saturatedBusyRatio));
        }
        state.stood = sample.elapsedNanos == 0;
        state.epoch = sample.epoch;
    }

    private static void take(ServicesState state, SampleView sample, double ranNanos, double spareRatio) {
        double keptClients = Math.max(0, 1 - sample.intervalNanos / CLIENTS_TAU_NANOS);
        for (int service = 0; service < sample.services; service++) {
            double clients = sample.serviceClients(service);
            if (clients > 0) {
                int i = place(state, sample.servicePort[service]);
                state.clients[i] = Math.max(keptClients * state.clients[i], clients);
                if (sample.elapsedNanos > 0) {
                    state.starving[i] = Waiting.starving(
                            sample.serviceHeld[service], sample.serviceAsking[service], state.clients[i], spareRatio);
                }
                state.activeNanos[i] += sample.intervalNanos;
                state.servedNanos[i] += (1 - state.starving[i]) * ranNanos;
            }
        }
    }

    /** How long the guest ran in this sample; where it was cut in it, as likely as not for half of it. */
    private static double ranNanos(ServicesState state, SampleView sample, long lastPauseNanos) {
        if (sample.elapsedNanos == 0) {
            return state.stood ? 0 : sample.intervalNanos / 2.0;
        }
        if (state.stood || sample.epoch == state.epoch) {
            return Math.min(sample.intervalNanos, sample.elapsedNanos);
        }
        double pausedNanos = (double) Math.max(1, sample.epoch - state.epoch) * lastPauseNanos;
        return Math.max(Math.min(sample.intervalNanos, sample.elapsedNanos), sample.intervalNanos - pausedNanos);
    }

    /** Where the service of {@code port} is kept; one that is new takes the place of the one least active. */
    private static int place(ServicesState state, int port) {
        int least = 0;
        for (int i = 0; i < state.port.length; i++) {
            if (state.port[i] == port) {
                return i;
            }
            if (state.activeNanos[i] < state.activeNanos[least]) {
                least = i;
            }
        }
        state.port[least] = port;
        state.clients[least] = 0;
        state.activeNanos[least] = 0;
        state.servedNanos[least] = 0;
        return least;
    }

    /**
     * Works out the numbers of a plan.
     *
     * @param besides work beside the services, as a share of the VM, times how rare it is
     * @param ranRatio share of the time in which the guest runs
     */
    static void fill(ServicesNumbers n, ServicesState state, double besides, double ranRatio) {
        n.besidesLoss = besides * (1 / ranRatio - 1);
        for (int i = 0; i < state.port.length; i++) {
            boolean known = state.port[i] > 0 && state.activeNanos[i] > 0;
            double rare = known ? Math.min(MOST_RARE, state.nanos / state.activeNanos[i]) : 0;
            double went = known ? Math.min(1, state.servedNanos[i] / state.activeNanos[i]) : 1;
            double ran = Math.max(LEAST_RATIO, went);
            n.port[i] = known ? state.port[i] : 0;
            n.clients[i] = known ? Math.max(1, state.clients[i]) : 0;
            n.price[i] = rare / ran;
            n.loss[i] = rare * (1 / ran - 1);
        }
    }
}
