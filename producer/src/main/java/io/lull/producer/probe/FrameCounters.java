package io.lull.producer.probe;

import io.lull.policy.Checks;

/** What the output gate counts of a VM's frames; "tx" is sent by the guest. Called for every sample: no waiting. */
@FunctionalInterface
public interface FrameCounters {
    /** @param nowNanos of the clock by which the gate times its frames */
    Frames frames(long nowNanos);

    /**
     * Counters since the gate was made, and levels now.
     *
     * @param heldPackets frames that wait for a commit
     * @param heldBytes their size
     * @param oldestHeldNanos age of the oldest of them; 0 when none is held
     * @param openPackets those of them that were sent since the last checkpoint began: no commit under way releases them
     * @param oldestOpenNanos age of the oldest of these; 0 when there is none
     * @param known whether the gate sees frames at all; when false the numbers mean nothing and are 0
     */
    record Frames(
            long txPackets,
            long txBytes,
            long rxPackets,
            long rxBytes,
            long heldPackets,
            long heldBytes,
            long oldestHeldNanos,
            long openPackets,
            long oldestOpenNanos,
            boolean known) {
        /** Of a VM that has no gate. */
        public static final Frames NONE = new Frames(0, 0, 0, 0, 0, 0, 0, 0, 0);

        /** Of a VM whose gate doesn't see its frames. */
        public static final Frames UNKNOWN = new Frames(0, 0, 0, 0, 0, 0, 0, 0, 0, false);

        /** Of a gate that sees frames. */
        public Frames(
                long txPackets,
                long txBytes,
                long rxPackets,
                long rxBytes,
                long heldPackets,
                long heldBytes,
                long oldestHeldNanos,
                long openPackets,
                long oldestOpenNanos) {
            this(
                    txPackets,
                    txBytes,
                    rxPackets,
                    rxBytes,
                    heldPackets,
                    heldBytes,
                    oldestHeldNanos,
                    openPackets,
                    oldestOpenNanos,
                    true);
        }

        public Frames {
            Checks.notNegative("txPackets", txPackets);
            Checks.notNegative("txBytes", txBytes);
            Checks.notNegative("rxPackets", rxPackets);
            Checks.notNegative("rxBytes", rxBytes);
            Checks.notNegative("heldPackets", heldPackets);
            Checks.notNegative("heldBytes", heldBytes);
            Checks.notNegative("oldestHeldNanos", oldestHeldNanos);
            Checks.within("openPackets", openPackets, 0, heldPackets);
            Checks.within("oldestOpenNanos", oldestOpenNanos, 0, oldestHeldNanos);
        }
    }
}
