package io.lull.policy.signal;

/**
 * Estimates how many clients take part in the conversation with the VM at present: those that have asked and wait for
 * the guest, and those whose answer is held.
 *
 * <pre>
 * now     = pending + min(held packets, connections − pending)
 * clients = max(1, now, clients · exp(−dt / tau))
 * </pre>
 *
 * <p>Open connections are no measure, since most of a pool may sleep; what is seen in one sample isn't either, since
 * just after a release nothing is held. So the highest recent count stands and decays. Regimes: with a closed loop of n
 * clients the count reaches n in every epoch that lasts until all are served; clients that leave are forgotten in some
 * tau; 1 when nothing is known or nobody takes part, so that it can divide. An upper bound where one connection holds
 * many frames while others sleep: frames are not told apart by connection. Unit: connections.
 */
public final class Conversation {
    private Conversation() {}

    /** Takes up {@code sample} with a memory of {@code tauNanos}. */
    public static void update(ConversationState state, SampleView sample, long tauNanos) {
        double kept = state.clients * (1 - Ewma.gainRatio(sample.intervalNanos, tauNanos));
        state.clients = Math.max(1, Math.max(kept, (double) now(sample)));
    }

    /** How many clients take part, at least 1. */
    public static double clients(ConversationState state) {
        return state.clients;
    }

    /** How many connections wait for the guest or for what is held, as far as {@code sample} tells. */
    static long now(SampleView sample) {
        long pending = Math.max(0, sample.requestsPending);
        long others = Math.max(0, sample.connections - pending);
        return pending + Math.max(0, Math.min(sample.heldPackets, others));
    }
}
