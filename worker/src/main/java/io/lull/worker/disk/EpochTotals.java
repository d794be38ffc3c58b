package io.lull.worker.disk;

import io.lull.policy.Checks;

/**
 * What an epoch has written to the disk.
 *
 * @param records writes and zero records handed to the sink
 * @param bytes of data in them; a zero record has none
 * @param inFlight requests not yet answered at the cut: 0, unless QEMU was not drained or copies the old contents
 */
public record EpochTotals(long epoch, long records, long bytes, int inFlight) {
    public EpochTotals {
        Checks.notNegative("epoch", epoch);
        Checks.notNegative("records", records);
        Checks.notNegative("bytes", bytes);
        Checks.notNegative("inFlight", inFlight);
    }
}
