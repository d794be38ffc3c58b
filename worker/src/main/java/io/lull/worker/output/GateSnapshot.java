package io.lull.worker.output;

import io.lull.policy.Checks;
import java.util.OptionalLong;

/**
 * A gate's counters since it was connected, and its levels now.
 *
 * @param sent by the guest, dropped frames included; Ethernet bytes
 * @param received by the guest, as the mirror shows it; Ethernet bytes; none without a mirror
 * @param held waits for a release; bytes with framing words
 * @param leaving released and not yet taken back by QEMU; bytes with framing words
 * @param droppedPackets never to leave: over the bound, held for too long, discarded, or come after the gate was given up
 * @param oldestHeldNanos age of the oldest held frame; 0 when none is held
 * @param openPackets held frames that were sent since the last cut
 * @param oldestOpenNanos age of the oldest of these; 0 when there is none
 * @param lastOutputNanos when the guest last sent a frame, on the gate's clock; empty before the first
 */
public record GateSnapshot(
        GateState state,
        Traffic sent,
        Traffic received,
        Traffic held,
        Traffic leaving,
        long droppedPackets,
        long oldestHeldNanos,
        long openPackets,
        long oldestOpenNanos,
        OptionalLong lastOutputNanos) {
    public GateSnapshot {
        Checks.notNegative("droppedPackets", droppedPackets);
        Checks.notNegative("oldestHeldNanos", oldestHeldNanos);
        Checks.within("openPackets", openPackets, 0, held.packets());
        Checks.within("oldestOpenNanos", oldestOpenNanos, 0, oldestHeldNanos);
    }
}
