package io.lull.job.metrics;

import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.List;

/**
 * Sums over a stretch of a VM's event time; panes add up to longer ones. Flink keeps the newest one of a VM as it is,
 * the others packed. What a pane has none of is an array of length 0; sums are doubles, so that absurd numbers make an
 * absurd window and not an overflow.
 */
@SuppressWarnings("EnumOrdinal") // The arrays are in the order of the enums, which say that it is kept.
public final class Pane {
    /** By {@link SampleSum}. */
    public double[] sampleSums = {};

    /** By {@link SamplePeak}. */
    public long[] samplePeaks = {};

    /** Dirty pages by the vCPU's id, up to the greatest seen; they stop at the greatest int. */
    public int[] vcpuDirtyPages = {};

    /** By {@link SlotSum}; there once the pane is closed. */
    public double[] slotSums = {};

    /** Greatest length that a slot had reached, nanoseconds. */
    public double longestSlotNanos;

    /** By {@link ReportSum}. */
    public double[] reportSums = {};

    /** By {@link ReportPeak}. */
    public long[] reportPeaks = {};

    /** Epochs by the ordinal of their {@link io.lull.policy.TriggerReason}. */
    public int[] reasons = {};

    public Histogram pauses = new Histogram();
    public Histogram commits = new Histogram();

    boolean isEmpty() {
        return sampleSums.length == 0 && reportSums.length == 0;
    }

    /** Adds a sample, of which {@code view} is loaded. */
    void add(VmSample sample, SampleView view) {
        sampleSums = Sums.atLeast(sampleSums, SampleSum.COUNT);
        samplePeaks = Sums.atLeast(samplePeaks, SamplePeak.COUNT);
        addSums(sample, view);
        addPeaks(view);
        DirtySource source = sample.dirtySource();
        if (source != DirtySource.NONE) {
            addDirtyPages(sample.vcpus());
            peak(SamplePeak.DIRTY_SOURCE, source.ordinal() + 1L);
        }
    }

    void add(EpochReport report) {
        reportSums = Sums.atLeast(reportSums, ReportSum.COUNT);
        reportPeaks = Sums.atLeast(reportPeaks, ReportPeak.COUNT);
        long pauseNanos = report.pause().totalNanos();
        long commitNanos = report.stages().commitNanos();
        sum(ReportSum.EPOCHS, 1);
        sum(ReportSum.LENGTH_NANOS, report.lengthNanos());
        sum(ReportSum.DIRTY_PAGES, report.pages().dirtyPages());
        sum(ReportSum.UNCHANGED_PAGES, report.pages().unchangedPages());
        sum(ReportSum.ZERO_PAGES, report.pages().zeroPages());
        sum(ReportSum.RAW_PAGES, report.pages().rawPages());
        sum(ReportSum.WRITTEN_BYTES, report.bytes().writtenBytes());
        sum(ReportSum.DELTA_BYTES, report.bytes().deltaBytes());
        sum(ReportSum.SHIPPED_BYTES, report.bytes().shippedBytes());
        sum(ReportSum.RELEASED_PACKETS, report.held().packets());
        peak(ReportPeak.PAUSE_NANOS, pauseNanos);
        peak(ReportPeak.COMMIT_NANOS, commitNanos);
        peak(ReportPeak.HELD_WAIT_NANOS, report.held().maxWaitNanos());
        int reason = report.reason().ordinal();
        reasons = Sums.atLeast(reasons, reason + 1);
        reasons[reason]++;
        pauses.add(pauseNanos);
        commits.add(commitNanos);
    }

    /** Adds a closed pane. */
    void add(Pane other) {
        sampleSums = Sums.added(sampleSums, other.sampleSums);
        samplePeaks = Sums.highest(samplePeaks, other.samplePeaks);
        vcpuDirtyPages = Sums.added(vcpuDirtyPages, other.vcpuDirtyPages);
        slotSums = Sums.added(slotSums, other.slotSums);
        longestSlotNanos = Math.max(longestSlotNanos, other.longestSlotNanos);
        reportSums = Sums.added(reportSums, other.reportSums);
        reportPeaks = Sums.highest(reportPeaks, other.reportPeaks);
        reasons = Sums.added(reasons, other.reasons);
        pauses.add(other.pauses);
        commits.add(other.commits);
    }

    /** The sum; 0 without a sample. */
    double of(SampleSum sum) {
        return Sums.at(sampleSums, sum.ordinal());
    }

    long of(SamplePeak peak) {
        return Sums.at(samplePeaks, peak.ordinal());
    }

    double of(SlotSum sum) {
        return Sums.at(slotSums, sum.ordinal());
    }

    double of(ReportSum sum) {
        return Sums.at(reportSums, sum.ordinal());
    }

    long of(ReportPeak peak) {
        return Sums.at(reportPeaks, peak.ordinal());
    }

    void sum(SlotSum sum, double more) {
        slotSums = Sums.atLeast(slotSums, SlotSum.COUNT);
        slotSums[sum.ordinal()] += more;
    }

    private void addSums(VmSample sample, SampleView view) {
        double nanos = (double) view.intervalNanos;
        sum(SampleSum.SAMPLES, 1);
        sum(SampleSum.SAMPLED_NANOS, nanos);
        sum(SampleSum.BUSY_NANOS, view.busyRatio * nanos);
        sum(SampleSum.TX_PACKETS, view.txPackets);
        sum(SampleSum.TX_BYTES, view.txBytes);
        sum(SampleSum.RX_PACKETS, view.rxPackets);
        sum(SampleSum.RX_BYTES, view.rxBytes);
        sum(SampleSum.DISK_WRITES, view.diskWrites);
        sum(SampleSum.DISK_WRITE_BYTES, view.diskWriteBytes);
        sum(SampleSum.DISK_FLUSHES, sample.disk().flushes());
        sum(SampleSum.HELD_BYTE_NANOS, view.heldBytes * nanos);
        sum(SampleSum.HELD_NANOS, view.heldPackets > 0 ? nanos : 0);
        sum(SampleSum.STALLED_NANOS, view.stalled * nanos);
        sum(SampleSum.WINDOW_FULL_NANOS, view.windowFull * nanos);
        sum(SampleSum.ZERO_WINDOW_NANOS, view.zeroWindow * nanos);
        sum(SampleSum.PENDING_NANOS, view.requestsPending * nanos);
        if (view.linkKnown) {
            sum(SampleSum.LINK_NANOS, nanos);
            sum(SampleSum.LINK_BYTE_NANOS_PER_SECOND, view.linkBytesPerSecond * nanos);
        }
    }

    private void addPeaks(SampleView view) {
        peak(SamplePeak.HELD_PACKETS, view.heldPackets);
        peak(SamplePeak.HELD_BYTES, view.heldBytes);
        peak(SamplePeak.OLDEST_HELD_NANOS, view.oldestHeldNanos);
        peak(SamplePeak.CONNECTIONS, view.connections);
        peak(SamplePeak.STALLED, view.stalled);
        peak(SamplePeak.WINDOW_FULL, view.windowFull);
        peak(SamplePeak.ZERO_WINDOW, view.zeroWindow);
        peak(SamplePeak.PENDING, view.requestsPending);
        peak(SamplePeak.BYTES_IN_FLIGHT, view.bytesInFlight);
        peak(SamplePeak.LINK_BACKLOG_BYTES, view.linkBacklogBytes);
    }

    private void addDirtyPages(List<VcpuSample> vcpus) {
        // By index: an iterator a sample is garbage a sample.
        for (int i = 0; i < vcpus.size(); i++) {
            VcpuSample vcpu = vcpus.get(i);
            sum(SampleSum.DIRTY_PAGES, vcpu.dirtyPages());
            if (vcpu.id() < SampleView.MAX_VCPUS) {
                vcpuDirtyPages = Sums.atLeast(vcpuDirtyPages, vcpu.id() + 1);
                vcpuDirtyPages[vcpu.id()] = Sums.bounded(vcpuDirtyPages[vcpu.id()], vcpu.dirtyPages());
            }
        }
    }

    private void sum(SampleSum sum, long more) {
        sum(sum, (double) more);
    }

    private void sum(SampleSum sum, double more) {
        sampleSums[sum.ordinal()] += more;
    }

    private void peak(SamplePeak peak, long value) {
        int at = peak.ordinal();
        samplePeaks[at] = Math.max(samplePeaks[at], value);
    }

    private void sum(ReportSum sum, long more) {
        reportSums[sum.ordinal()] += (double) more;
    }

    private void peak(ReportPeak peak, long value) {
        int at = peak.ordinal();
        reportPeaks[at] = Math.max(reportPeaks[at], value);
    }
}
