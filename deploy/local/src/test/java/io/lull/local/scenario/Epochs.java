package io.lull.local.scenario;

import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import java.util.List;

/** Reports of epochs that differ in what a test asks about. */
final class Epochs {
    static final long PAGE_BYTES = 4096;

    private static final long MILLI = 1_000_000;

    private Epochs() {}

    /** An epoch that was as long as this, wrote these pages and took these bytes on the wire. */
    static EpochReport of(long epoch, TriggerReason reason, long lengthMillis, long pages, long shippedBytes) {
        return new EpochReport(
                new VmId("vm"),
                "host",
                epoch,
                0,
                reason,
                epoch * 1000,
                lengthMillis * MILLI,
                new EpochReport.Pause(MILLI, 2 * MILLI, MILLI / 2, MILLI / 2, MILLI),
                new EpochReport.Pages(pages, 0, 0, pages, 0),
                List.of(),
                new EpochReport.Bytes(pages * PAGE_BYTES, shippedBytes * 2, shippedBytes, 0, 0),
                new EpochReport.Stages(0, 0, 0, 0, 5 * MILLI),
                new EpochReport.Held(0, 0, 0),
                new EpochReport.Trigger(0, 0, 0),
                "lz4",
                1);
    }

    static EpochReport of(long epoch, long pages, long shippedBytes) {
        return of(epoch, TriggerReason.IDLE_SLOT, 10, pages, shippedBytes);
    }
}
