package io.lull.policy.sim;

import io.lull.policy.Checks;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.LineFit;
import io.lull.policy.signal.LineFitState;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.Comparator;
import java.util.List;

/**
 * What the samples of a recording say, number by number in the order of time, and how much of each was a pause.
 *
 * <p>A frame that came in counts as something asked when its sample brought more bytes than bare headers; where no
 * sample of a recording did, every frame counts.
 */
final class RecordedSeries {
    private static final int BINS = 64;
    private static final int HEADER_BYTES = 66;
    private static final int MAX_VCPUS = 24;

    final int size;
    final int vcpus;
    final long[] lengthNanos;
    /** Of these the guest was not paused for a checkpoint. */
    final long[] guestNanos;
    /** vCPU time of all vCPUs. */
    final long[] runNanos;
    /** vCPU time up to the end of each sample. */
    final double[] runUpToNanos;

    final long[] asked;
    final long[] sentPackets;
    final long[] sentBytes;
    final long[] heldPackets;
    final int[] pending;
    final int[] connections;
    /** Mean size of a frame that came in. */
    final int requestBytes;

    private final long[] endMicros;

    RecordedSeries(String name, List<VmSample> unordered, List<EpochReport> reports) {
        List<VmSample> samples = unordered.stream()
                .sorted(Comparator.comparingLong(VmSample::sampledAtMicros))
                .toList();
        size = samples.size();
        int most = samples.stream().mapToInt(s -> s.vcpus().size()).max().orElse(0);
        vcpus = Math.max(1, (int) Checks.within("vcpus of recording " + name, most, 0, MAX_VCPUS));
        lengthNanos = new long[size];
        guestNanos = new long[size];
        runNanos = new long[size];
        runUpToNanos = new double[size];
        asked = new long[size];
        sentPackets = new long[size];
        sentBytes = new long[size];
        heldPackets = new long[size];
        pending = new int[size];
        connections = new int[size];
        endMicros = new long[size];
        boolean payload = samples.stream().map(VmSample::network).anyMatch(RecordedSeries::hasPayload);
        double run = 0;
        for (int i = 0; i < size; i++) {
            VmSample sample = samples.get(i);
            NetworkSample network = sample.network();
            endMicros[i] = sample.sampledAtMicros();
            lengthNanos[i] = sample.intervalNanos();
            guestNanos[i] = sample.intervalNanos();
            for (VcpuSample vcpu : sample.vcpus()) {
                runNanos[i] += Math.min(vcpu.runNanos(), sample.intervalNanos());
            }
            run += runNanos[i];
            runUpToNanos[i] = run;
            asked[i] = payload && !hasPayload(network) ? 0 : network.rxPackets();
            sentPackets[i] = network.txPackets();
            sentBytes[i] = network.txBytes();
            heldPackets[i] = network.heldPackets();
            pending[i] = sample.tcp().requestsPending();
            connections[i] = sample.tcp().connections();
        }
        requestBytes = requestBytes(samples);
        takeOutPauses(reports);
    }

    private static boolean hasPayload(NetworkSample network) {
        return network.rxBytes() > HEADER_BYTES * network.rxPackets();
    }

    private static int requestBytes(List<VmSample> samples) {
        double packets = 0;
        double bytes = 0;
        for (VmSample sample : samples) {
            packets += sample.network().rxPackets();
            bytes += sample.network().rxBytes();
        }
        return (int) Math.max(1, Math.min(1 << 20, packets > 0 ? bytes / packets : HEADER_BYTES));
    }

    private void takeOutPauses(List<EpochReport> reports) {
        List<EpochReport> inOrder = reports.stream()
                .sorted(Comparator.comparingLong(EpochReport::endedAtMicros))
                .toList();
        int sample = 0;
        for (EpochReport report : inOrder) {
            double from = report.endedAtMicros();
            double to = from + report.pause().totalNanos() / 1000.0;
            while (sample < size && endMicros[sample] <= from) {
                sample++;
            }
            for (int i = sample; i < size && startMicros(i) < to; i++) {
                double overlap = Math.min(to, endMicros[i]) - Math.max(from, startMicros(i));
                guestNanos[i] -= (long) (1000 * Math.max(0, overlap));
            }
        }
        for (int i = 0; i < size; i++) {
            // A pause that fills a sample would say that its guest did all it did in no time.
            guestNanos[i] = Math.max(guestNanos[i], Math.max(1, lengthNanos[i] / 10));
        }
    }

    private double startMicros(int sample) {
        return endMicros[sample] - lengthNanos[sample] / 1000.0;
    }

    /** vCPU time in all. */
    double totalRunNanos() {
        return runUpToNanos[size - 1];
    }

    /** vCPU time up to a time of the host's clock, interpolated within samples. */
    double runUpTo(double micros) {
        int low = 0;
        int high = size - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (endMicros[middle] >= micros) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        double share = Math.max(0, Math.min(1, (micros - startMicros(low)) * 1000 / lengthNanos[low]));
        return runUpToNanos[low] - runNanos[low] + share * runNanos[low];
    }

    /** Sum of {@code values} over all samples. */
    static double sum(long[] values) {
        double sum = 0;
        for (long value : values) {
            sum += value;
        }
        return sum;
    }

    /**
     * vCPUs that compute whether anything is asked or not: where the line of vCPU time over requests, in {@value #BINS}
     * stretches, begins. 0 while the stretches are all alike, since then it can't be told.
     */
    double backgroundVcpus() {
        double requests = Math.max(1, sum(asked));
        LineFitState fit = LineFit.start(totalRunNanos() / requests);
        long binNanos = (long) (sum(lengthNanos) / BINS);
        double binAsked = 0;
        double binRun = 0;
        double binGuest = 0;
        double binLength = 0;
        for (int i = 0; i < size; i++) {
            binAsked += asked[i];
            binRun += runNanos[i];
            binGuest += guestNanos[i];
            binLength += lengthNanos[i];
            if (binLength >= binNanos) {
                LineFit.update(fit, binAsked / binGuest, binRun / binGuest);
                binAsked = 0;
                binRun = 0;
                binGuest = 0;
                binLength = 0;
            }
        }
        return Math.max(0, Math.min(vcpus, LineFit.intercept(fit)));
    }
}
