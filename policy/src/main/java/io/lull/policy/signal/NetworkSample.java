package io.lull.policy.signal;

import io.lull.policy.Checks;

/**
 * A VM's frames: deltas over the sample's interval and levels at its end. "tx" is sent by the guest.
 *
 * @param heldPackets frames that wait for a commit
 * @param heldBytes their size
 * @param oldestHeldNanos age of the oldest of them; 0 when none is held
 * @param openPackets those of them that were sent in the open epoch: only a new checkpoint can release them
 * @param oldestOpenNanos age of the oldest of these; 0 when there is none
 * @param known whether the gate sees frames at all; when false the numbers mean nothing and are 0
 */
public record NetworkSample(
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
    public static final NetworkSample NONE = new NetworkSample(0, 0, 0, 0, 0, 0, 0);

    /** Of a VM whose gate holds frames that it doesn't see. */
    public static final NetworkSample UNKNOWN = new NetworkSample(0, 0, 0, 0, 0, 0, 0, 0, 0, false);

    /** Where frames are seen. */
    public NetworkSample(
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

    /** Where the gate does not tell epochs apart: all that is held counts as sent in the open one. */
    public NetworkSample(
            long txPackets,
            long txBytes,
            long rxPackets,
            long rxBytes,
            long heldPackets,
            long heldBytes,
            long oldestHeldNanos) {
        this(
                txPackets,
                txBytes,
                rxPackets,
                rxBytes,
                heldPackets,
                heldBytes,
                oldestHeldNanos,
                heldPackets,
                oldestHeldNanos);
    }

    public NetworkSample {
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
