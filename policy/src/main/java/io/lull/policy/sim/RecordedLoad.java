package io.lull.policy.sim;

import io.lull.policy.Checks;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.LineFit;
import io.lull.policy.signal.LineFitState;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;

/**
 * What a recorded guest did, in sums: how long it ran, computed, and exchanged frames.
 *
 * <p>Which share of its computation belongs to requests is a line fit over {@value #BINS} equal stretches: vCPU time
 * per stretch = background + service · requests. While the stretches are all alike, as in a saturated closed loop, the
 * fit can't tell and counts all as service ({@link LineFit}).
 *
 * @param vcpus most that a sample had
 * @param wallNanos length of all samples
 * @param guestNanos of these, the guest was not paused for a checkpoint
 * @param workNanos vCPU time, without waiting for a core of the host
 * @param backgroundNanos of these, spent whether requests came or not
 * @param requests frames in that have a frame out to answer them; all frames out when none came in
 * @param asked whether frames came in at all
 * @param sent the guest's frames and bytes
 */
record RecordedLoad(
        int vcpus,
        long wallNanos,
        long guestNanos,
        long workNanos,
        long backgroundNanos,
        long requests,
        boolean asked,
        Sent sent) {
    static final int BINS = 64;

    /** What the guest sent. */
    record Sent(long packets, long bytes) {
        /** Mean size of a frame; 0 when there was none. */
        long bytesPerPacket() {
            return packets == 0 ? 0 : bytes / packets;
        }
    }

    RecordedLoad {
        Checks.positive("vcpus", vcpus);
        Checks.positive("guestNanos", guestNanos);
        Checks.within("guestNanos", guestNanos, 1, wallNanos);
        Checks.within("backgroundNanos", backgroundNanos, 0, workNanos);
        Checks.notNegative("requests", requests);
    }

    /** The sums over {@code samples}, in the order of time; {@code reports} tell how much of it were pauses. */
    static RecordedLoad of(List<VmSample> samples, List<EpochReport> reports) {
        Sums all = new Sums();
        samples.forEach(all::add);
        long from = samples.get(0).sampledAtMicros();
        long to = samples.get(samples.size() - 1).sampledAtMicros();
        long paused = reports.stream()
                .filter(report -> report.endedAtMicros() >= from && report.endedAtMicros() <= to)
                .mapToLong(report -> report.pause().totalNanos())
                .sum();
        // Pauses that add up to more than half of the time would say that the clocks differ.
        long guest = Math.max(all.wallNanos / 2, all.wallNanos - paused);
        long requests = all.requests();
        return new RecordedLoad(
                Math.max(1, all.vcpus),
                all.wallNanos,
                Math.max(1, guest),
                all.workNanos,
                requests == 0 ? all.workNanos : backgroundNanos(samples, all),
                requests,
                all.rxPackets > 0,
                new Sent(all.txPackets, all.txBytes));
    }

    /** vCPUs that computed, on average, while the guest ran. */
    double workingVcpus() {
        return Math.min(vcpus, (double) workNanos / guestNanos);
    }

    /** vCPU time of a request; at least 1, as requests take no less in the simulator. */
    long serviceNanos() {
        return requests == 0 ? 1 : Math.max(1, (workNanos - backgroundNanos) / requests);
    }

    double requestsPerSecond() {
        return 1e9 * requests / guestNanos;
    }

    private static long backgroundNanos(List<VmSample> samples, Sums all) {
        LineFitState fit = LineFit.start((double) all.workNanos / all.requests());
        List<Sums> bins = bins(samples, all.wallNanos);
        for (Sums bin : bins) {
            LineFit.update(fit, bin.requests(), bin.workNanos);
        }
        return (long) Math.max(0, Math.min(all.workNanos, LineFit.intercept(fit) * bins.size()));
    }

    /** The samples in stretches of equal length; a stretch left over at the end is left out. */
    private static List<Sums> bins(List<VmSample> samples, long wallNanos) {
        List<Sums> bins = new ArrayList<>();
        Sums bin = new Sums();
        for (VmSample sample : samples) {
            bin.add(sample);
            if (bin.wallNanos >= wallNanos / BINS) {
                bins.add(bin);
                bin = new Sums();
            }
        }
        return bins;
    }

    private static final class Sums {
        private int vcpus;
        private long wallNanos;
        private long workNanos;
        private long txPackets;
        private long txBytes;
        private long rxPackets;

        private void add(VmSample sample) {
            vcpus = Math.max(vcpus, sample.vcpus().size());
            wallNanos += sample.intervalNanos();
            for (VcpuSample vcpu : sample.vcpus()) {
                workNanos += Math.min(vcpu.runNanos(), sample.intervalNanos());
            }
            txPackets += sample.network().txPackets();
            txBytes += sample.network().txBytes();
            rxPackets += sample.network().rxPackets();
        }

        private long requests() {
            return rxPackets == 0 ? txPackets : Math.min(rxPackets, txPackets);
        }
    }
}
