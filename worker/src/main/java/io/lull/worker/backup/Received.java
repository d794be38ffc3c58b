package io.lull.worker.backup;

import io.lull.policy.Checks;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;

/**
 * What a backup received of an epoch, by its own count.
 *
 * @param records numbered records
 * @param pages pages in them, each once for each record that it came in
 * @param payloadBytes bodies of the records as they came, compressed or not
 */
public record Received(int records, long pages, long payloadBytes) {
    public Received {
        Checks.notNegative("records", records);
        Checks.notNegative("pages", pages);
        Checks.notNegative("payloadBytes", payloadBytes);
    }

    /** All frames of the epoch: the records with their headers, and the end. */
    public long frameBytes() {
        return payloadBytes + (records + 1L) * FrameHeader.BYTES + FrameType.EPOCH_END.maxBodyBytes();
    }
}
