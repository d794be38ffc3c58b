package io.lull.job.metrics;

import io.lull.job.fixture.Inbounds;
import io.lull.job.stream.Inbound;
import io.lull.policy.VmId;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.wire.BadRecordException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a sample costs the windows, closing and encoding them included, as a share of what its decoding costs: 1,000
 * VMs that are sampled each millisecond. Run it with {@code main}; it asserts nothing.
 */
public final class PaneRingBenchmark {
    private static final int VMS = 1000;
    private static final int STEPS = 2000;
    private static final int ROUNDS = 5;
    private static final long START_MICROS = 1_700_000_000_000_000L;

    private static long bytes;

    private PaneRingBenchmark() {}

    public static void main(String[] arguments) throws BadRecordException {
        for (int round = 0; round < ROUNDS; round++) {
            double decode = decodeNanos();
            double windows = windowsNanos();
            System.out.printf(
                    "round %d: decode %.0f ns, windows %.0f ns of CPU a sample: %.2f of the decoding (%d)%n",
                    round, decode, windows, windows / decode, bytes);
        }
    }

    /** Of this thread alone, so that what else the machine does counts little. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<VmSample> samples() {
        SeededVm vm = new SeededVm(new Random(5), "vm", 1);
        List<VmSample> samples = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            for (Inbound inbound : vm.next(START_MICROS + 1000L * i)) {
                if (inbound instanceof Inbound.Sample sample) {
                    samples.add(sample.sample());
                }
            }
        }
        return samples;
    }

    private static double decodeNanos() throws BadRecordException {
        List<byte[]> encoded = samples().stream().map(Inbounds.WIRE::encode).toList();
        long beganNanos = cpuNanos();
        int count = 0;
        for (int repeat = 0; repeat < 100; repeat++) {
            for (byte[] one : encoded) {
                bytes += Inbounds.WIRE.decodeSample(one).vcpus().size();
                count++;
            }
        }
        return (cpuNanos() - beganNanos) / (double) count;
    }

    private static double windowsNanos() {
        List<VmSample> samples = samples();
        VmId vm = new VmId("vm");
        PaneRing ring = new PaneRing((start, length, sums, curve) ->
                bytes += Inbounds.WIRE.encode(WindowSummary.of(vm, start, length, sums, curve)).length);
        MetricsState[] states = new MetricsState[VMS];
        for (int i = 0; i < VMS; i++) {
            states[i] = new MetricsState();
        }
        StreamTime now = new StreamTime(START_MICROS / 1000);
        long beganNanos = cpuNanos();
        for (VmSample sample : samples) {
            long atMillis = sample.sampledAtMicros() / 1000;
            now.follow(atMillis - 220, atMillis);
            for (MetricsState state : states) {
                ring.add(state, atMillis, sample, now);
            }
        }
        return (cpuNanos() - beganNanos) / (double) VMS / samples.size();
    }
}
