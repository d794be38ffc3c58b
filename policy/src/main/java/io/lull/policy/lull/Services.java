package io.lull.policy.lull;

import io.lull.policy.ServiceRule;
import io.lull.policy.ServicesRule;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.Waiting;
import java.util.ArrayList;
import java.util.List;

/**
 * Learns what each service of a VM loses while its clients wait for held output, and how dear its moments are.
 *
 * <pre>
 * s     = share of the service that stands still (see {@link Waiting#starving(SampleView, int, double, double)})
 * t     = Σ time in which any client waits or asks / Σ time
 * r     = Σ such time · (1 − s), pauses excluded / Σ such time             at least {@value #LEAST_RATIO}
 * price = 1 / (t·r)       1 / t at most {@value #MOST_RARE}
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
 * <p>Regimes: a single client beside a busy service starves nearly always, and each of its moments is dear; a service
 * that is kept busy loses nothing by the clients of it that wait; of one that waits for its disk those that wait are
 * missing; a flow stands still when its window is full. Beyond {@value ServicesRule#MOST_SERVICES} services the one
 * least active is forgotten. Source: this project.
 */
final class Services {
    static final double TAU_NANOS = 2e9;
    private static final double CLIENTS_TAU_NANOS = 1e9;
    static final double LEAST_RATIO = 0.02;
    static final double MOST_RARE = 10;

    private Services() {}

    static void update(ServicesState state, SampleView sample, double saturatedBusyRatio) {
        double kept = Math.max(0, 1 - sample.intervalNanos / TAU_NANOS);
        double keptClients = Math.max(0, 1 - sample.intervalNanos / CLIENTS_TAU_NANOS);
        state.nanos = kept * state.nanos + sample.intervalNanos;
        for (int i = 0; i < state.port.length; i++) {
            state.clients[i] *= keptClients;
            state.activeNanos[i] *= kept;
            state.servedNanos[i] *= kept;
            state.starving[i] = 1;
        }
        for (int service = 0; service < sample.services; service++) {
            int clients = sample.serviceWaiting[service] + sample.serviceAsking[service];
            if (clients > 0) {
                int i = place(state, sample.servicePort[service]);
                state.clients[i] = Math.max(state.clients[i], clients);
                state.starving[i] = Waiting.starving(sample, service, state.clients[i], saturatedBusyRatio);
                state.activeNanos[i] += sample.intervalNanos;
                state.servedNanos[i] += (1 - state.starving[i]) * sample.intervalNanos;
            }
        }
    }

    /** Takes up a pause: what went on before it stood still. */
    static void onPause(ServicesState state, long pauseNanos) {
        for (int i = 0; i < state.port.length; i++) {
            state.servedNanos[i] = Math.max(0, state.servedNanos[i] - (1 - state.starving[i]) * pauseNanos);
        }
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
     * The rule for the worker.
     *
     * @param besides work beside the services, as a share of the VM, times how rare it is
     * @param ranRatio share of the time in which the guest runs
     */
    static ServicesRule rule(ServicesState state, double besides, double ranRatio) {
        List<ServiceRule> services = new ArrayList<>(state.port.length);
        for (int i = 0; i < state.port.length; i++) {
            if (state.port[i] > 0 && state.activeNanos[i] > 0) {
                double rare = Math.min(MOST_RARE, state.nanos / state.activeNanos[i]);
                double ran = Math.min(1, Math.max(LEAST_RATIO, state.servedNanos[i] / state.activeNanos[i]));
                services.add(new ServiceRule(
                        state.port[i], Math.max(1, state.clients[i]), rare / ran, rare * (1 / ran - 1)));
            }
        }
        return new ServicesRule(besides * (1 / ranRatio - 1), services);
    }
}
