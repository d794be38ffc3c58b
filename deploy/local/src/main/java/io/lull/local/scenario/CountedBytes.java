package io.lull.local.scenario;

import io.lull.policy.signal.EpochReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes of a stretch of epochs as both sides counted them, each for itself.
 *
 * @param epochs that the backup committed in it
 * @param reportedEpochs of those, which the primary has reported
 * @param shippedBytes on the wire, as the primary counted them
 * @param receivedBytes on the wire, as the backup counted them
 * @param pageBytes pages × page size, as the backup counted them
 */
public record CountedBytes(long epochs, long reportedEpochs, long shippedBytes, long receivedBytes, long pageBytes) {
    /**
     * What the two counts may differ by: headers of frames, some 40 bytes for a record of some hundred, and the epoch
     * under way at either end of the stretch.
     */
    static final double TOLERANCE = 0.05;

    static final double LEAST_RATIO = 8;

    /** Compares the epochs that the backup committed between two looks at it with their reports. */
    static CountedBytes between(BackupCount first, BackupCount last, List<EpochReport> reports) {
        Map<Long, Long> shipped = new HashMap<>();
        for (EpochReport report : reports) {
            if (report.epoch() > first.epoch() && report.epoch() <= last.epoch()) {
                shipped.put(report.epoch(), report.bytes().shippedBytes());
            }
        }
        return new CountedBytes(
                last.epoch() - first.epoch(),
                shipped.size(),
                shipped.values().stream().mapToLong(Long::longValue).sum(),
                last.receivedBytes() - first.receivedBytes(),
                last.pageBytes() - first.pageBytes());
    }

    /** How many times fewer bytes the backup received than its pages have. */
    double ratio() {
        return pageBytes / (double) Math.max(1, receivedBytes);
    }

    void judge(Verdicts verdicts) {
        verdicts.check(
                "each epoch that the backup committed was reported",
                epochs > 0 && reportedEpochs == epochs,
                reportedEpochs + " of " + epochs);
        verdicts.check(
                "the backup received as many bytes as the primary shipped, within 5 %",
                receivedBytes > 0 && Math.abs(receivedBytes - shippedBytes) <= TOLERANCE * shippedBytes,
                receivedBytes + " received, " + shippedBytes + " shipped");
        verdicts.check(
                "by the backup's count, its pages came in at least 8 times fewer bytes",
                receivedBytes > 0 && ratio() >= LEAST_RATIO,
                String.format("%.2f", ratio()));
    }
}
