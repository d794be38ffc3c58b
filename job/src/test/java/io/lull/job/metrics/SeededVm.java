package io.lull.job.metrics;

import io.lull.job.stream.Inbound;
import io.lull.job.stream.Input;
import io.lull.job.stream.RawRecord;
import io.lull.policy.TriggerReason;
import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A VM of 1 to 24 vCPUs that is busy, idle or waiting by turns, is checkpointed, and may move to another host. */
final class SeededVm {
    private final Random random;
    private final VmId vm;
    private final int vcpus;
    private final int movesAfter;
    private final double commitScaleNanos;
    private final double floorRatio;
    private final boolean linkKnown;
    private final double epochSamples;
    private int samples;
    private long epoch = 1;
    private long epochBeganMicros;
    private long lastMicros;
    private int mood;

    SeededVm(Random random, String name, double stepMillis) {
        this(random, name, stepMillis, 1 + random.nextInt(24));
    }

    /** One of so many vCPUs. */
    SeededVm(Random random, String name, double stepMillis, int vcpus) {
        this.random = random;
        vm = new VmId(name);
        this.vcpus = vcpus;
        movesAfter = random.nextInt(4) == 0 ? random.nextInt(300) : Integer.MAX_VALUE;
        commitScaleNanos = 1e5 * Math.pow(100, random.nextDouble());
        floorRatio = random.nextInt(3) == 0 ? 0.2 * random.nextDouble() : 0.01;
        linkKnown = random.nextBoolean();
        epochSamples = Math.max(1.2, (20 + 100 * random.nextDouble()) / stepMillis);
    }

    /** The sample of this moment, and the report of an epoch that ended with it. */
    List<Inbound> next(long atMicros) {
        List<Inbound> records = new ArrayList<>();
        if (epochBeganMicros == 0) {
            epochBeganMicros = atMicros - 1000;
            lastMicros = atMicros - 1000;
        }
        samples++;
        if (random.nextInt(6) == 0) {
            mood = random.nextInt(4);
        }
        records.add(new Inbound.Sample(atMicros / 1000, sample(atMicros)));
        lastMicros = atMicros;
        if (random.nextDouble() < 1 / epochSamples) {
            EpochReport report = report(atMicros);
            records.add(new Inbound.Report(raw(atMicros / 1000 + report.stages().commitNanos() / 1_000_000), report));
            epoch++;
            epochBeganMicros = atMicros + random.nextInt(2000);
        }
        return records;
    }

    /** Nobody reads the bytes; appended at the time that the record claims, so that it is believed. */
    private static RawRecord raw(long appendedMillis) {
        byte[] nothing = {};
        return new RawRecord(Input.TELEMETRY, "topic", 0, 0, appendedMillis, true, nothing, true, nothing);
    }

    private String host() {
        return samples < movesAfter ? "host-1" : "host-2";
    }

    private VmSample sample(long atMicros) {
        long intervalNanos = Math.max(1, (atMicros - lastMicros) * 1000 + random.nextInt(2000) - 1000);
        long elapsedNanos = Math.max(0, (atMicros - epochBeganMicros) * 1000 + random.nextInt(1000));
        boolean busy = mood == 0;
        double busyRatio = busy ? 0.3 + 0.7 * random.nextDouble() : floorRatio * random.nextDouble();
        List<VcpuSample> all = new ArrayList<>();
        for (int id = 0; id < vcpus; id++) {
            long runNanos = (long) (busyRatio * intervalNanos);
            all.add(new VcpuSample(id, busy ? random.nextInt(50) : 0, runNanos, random.nextInt(1 + busyOf(runNanos))));
        }
        return new VmSample(
                vm,
                host(),
                epoch,
                atMicros,
                intervalNanos,
                elapsedNanos,
                random.nextInt(500) == 0 ? List.of() : all,
                DirtySource.values()[random.nextInt(4)],
                network(busy),
                random.nextInt(8) == 0
                        ? new DiskSample(
                                random.nextInt(9), random.nextInt(99_999), random.nextInt(3), random.nextInt(2))
                        : DiskSample.NONE,
                new TcpSample(
                        random.nextInt(20),
                        random.nextInt(9),
                        random.nextInt(5),
                        random.nextInt(3),
                        random.nextInt(1 << 20),
                        mood == 1 ? 1 + random.nextInt(9) : 0),
                new HostSample(2, random.nextDouble() * 2, linkKnown, random.nextInt(1 << 30), random.nextInt(9_999)));
    }

    /** Some waiting on top of the run time, but not more than a thousandth of it. */
    private static int busyOf(long runNanos) {
        return (int) Math.min(1_000_000, runNanos / 1000);
    }

    private NetworkSample network(boolean busy) {
        boolean talks = busy || random.nextInt(10) == 0;
        long held = mood == 3 ? 0 : random.nextInt(40);
        long oldestNanos = held == 0 ? 0 : random.nextInt(25_000_000);
        return new NetworkSample(
                talks ? random.nextInt(9) : 0,
                talks ? random.nextInt(9_000) : 0,
                talks ? random.nextInt(9) : 0,
                talks ? random.nextInt(900) : 0,
                held,
                held * 1400,
                oldestNanos,
                held == 0 ? 0 : random.nextInt((int) held + 1),
                oldestNanos / 2);
    }

    private EpochReport report(long atMicros) {
        long unchanged = random.nextInt(200);
        long zero = random.nextInt(20);
        long delta = random.nextInt(400);
        long raw = random.nextInt(10);
        long dirty = random.nextInt(20) == 0 ? 0 : unchanged + zero + delta + raw;
        EpochReport.Pages pages = dirty == 0
                ? new EpochReport.Pages(0, 0, 0, 0, 0)
                : new EpochReport.Pages(dirty, unchanged, zero, delta, raw);
        // Within a factor of 8, so that the histogram is as fine as it can be.
        long pauseNanos = (long) (commitScaleNanos * (1 + 6.9 * random.nextDouble()));
        long commitNanos = (long) (4 * commitScaleNanos * (1 + 6.9 * random.nextDouble()));
        return new EpochReport(
                vm,
                host(),
                epoch,
                0,
                TriggerReason.values()[random.nextInt(TriggerReason.values().length)],
                atMicros,
                random.nextInt(50) == 0 ? 0 : Math.max(1, (atMicros - epochBeganMicros) * 1000),
                new EpochReport.Pause(
                        pauseNanos / 4, pauseNanos / 4, pauseNanos / 4, pauseNanos - 3 * (pauseNanos / 4), 0),
                pages,
                List.of(),
                new EpochReport.Bytes(
                        4096 * dirty, dirty == 0 ? 0 : random.nextInt(90_000), random.nextInt(90_000), 20_000, 0),
                new EpochReport.Stages(1, 2, 3, 4, commitNanos),
                new EpochReport.Held(random.nextInt(50), random.nextInt(50_000), random.nextInt(40_000_000)),
                new EpochReport.Trigger(1000, 1000, 0.5),
                "lz4",
                1);
    }
}
