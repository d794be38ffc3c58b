package io.lull.policy.signal;

import io.lull.policy.Checks;

/**
 * A VM's frames: deltas over the sample's interval and levels at its end. "tx" is sent by the guest.
 *
 * @param heldPackets frames that wait for a commit
 * @param heldBytes their size
 * @param oldestHeldNanos age of the oldest of them; 0 when none is held
 */
public record NetworkSample(
        long txPackets,
        long txBytes,
        long rxPackets,
        long rxBytes,
        long heldPackets,
        long heldBytes,
        long oldestHeldNanos) {
    public static final NetworkSample NONE = new NetworkSample(0, 0, 0, 0, 0, 0, 0);

    public NetworkSample {
        Checks.notNegative("txPackets", txPackets);
        Checks.notNegative("txBytes", txBytes);
        Checks.notNegative("rxPackets", rxPackets);
        Checks.notNegative("rxBytes", rxBytes);
        Checks.notNegative("heldPackets", heldPackets);
        Checks.notNegative("heldBytes", heldBytes);
        Checks.notNegative("oldestHeldNanos", oldestHeldNanos);
    }
}
