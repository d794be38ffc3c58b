package io.lull.policy.sim;

import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import java.util.List;

/** Writes the epoch report that a worker would write of a simulated checkpoint. */
final class Reports {
    static final VmId VM = new VmId("simulated");
    private static final String HOST = "simulator";
    private static final int PAGE_BYTES = 4096;

    private Reports() {}

    static EpochReport of(Checkpoint done, CostModel cost, long releasedPackets, long oldestHeldNanos) {
        long pages = Math.round(done.dirtyPages);
        long capture = Math.max(0, (long) done.pauseNanos - cost.pauseNanos());
        long encode = (long) (cost.encodeNanosPerPage() * done.dirtyPages);
        return new EpochReport(
                VM,
                HOST,
                done.epoch,
                0,
                done.reason,
                done.pausedAt / 1000,
                done.lengthNanos,
                new EpochReport.Pause((long) done.pauseNanos - capture, capture, 0, 0, 0),
                new EpochReport.Pages(pages, 0, 0, pages, 0),
                List.of(),
                new EpochReport.Bytes(
                        pages * PAGE_BYTES, (long) done.shippedBytes, (long) done.shippedBytes, cost.wireBytes(), 0),
                new EpochReport.Stages(0, encode / 2, encode / 2, done.shipNanos, done.commitAt - done.pausedAt),
                new EpochReport.Held(releasedPackets, releasedPackets * 100, oldestHeldNanos),
                new EpochReport.Trigger(0, cost.orderNanos(), done.busyRatio),
                "simulated",
                1);
    }
}
