package io.lull.job.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.Samples;
import io.lull.job.metrics.MetricsFunction;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.policy.OperatorIntent;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Records that decode well and yet hold what no host or operator would send must not stop the job. */
class AbsurdRecordsTest {
    private static final long[] EXTREMES = {0, 1, 1000, 1L << 40, Long.MAX_VALUE / 2, Long.MAX_VALUE - 1, Long.MAX_VALUE
    };
    private static final int RECORDS = 2000;

    private final long seed = 99;
    private final Random random = new Random(seed);
    private long appendedMillis = SchedulerHarness.START_MICROS / 1000;

    private long any() {
        return EXTREMES[random.nextInt(EXTREMES.length)];
    }

    private int anyInt() {
        return (int) Math.min(Integer.MAX_VALUE, any());
    }

    private Inbound sample() {
        return Inbounds.appendedAt(
                appendedMillis += 10,
                new VmSample(
                        Samples.VM,
                        "",
                        any(),
                        any(),
                        Math.max(1, any()),
                        any(),
                        List.of(new VcpuSample(0, any(), any(), any()), new VcpuSample(1, any(), any(), any())),
                        DirtySource.KVM_STATS,
                        new NetworkSample(any(), any(), any(), any(), any(), any(), any()),
                        new DiskSample(any(), any(), any(), anyInt()),
                        new TcpSample(anyInt(), anyInt(), anyInt(), anyInt(), any(), anyInt()),
                        new HostSample(2, 1, true, any(), any())));
    }

    /** A part of a pause, which must be addable: more is refused where it enters. */
    private long anyPart() {
        return Math.min(1_000_000_000_000_000_000L, any());
    }

    private Inbound report() {
        return Inbounds.appendedAt(
                appendedMillis += 10,
                new EpochReport(
                        Samples.VM,
                        "",
                        Math.max(1, any()),
                        any(),
                        TriggerReason.INTERVAL,
                        any(),
                        any(),
                        new EpochReport.Pause(anyPart(), anyPart(), anyPart(), anyPart(), 0),
                        new EpochReport.Pages(1, 1, 0, 0, 0),
                        List.of(any()),
                        new EpochReport.Bytes(any(), any(), any(), any(), any()),
                        new EpochReport.Stages(any(), any(), any(), any(), any()),
                        new EpochReport.Held(any(), any(), any()),
                        new EpochReport.Trigger(any(), any(), random.nextDouble()),
                        "",
                        1));
    }

    @Test
    void theSchedulerGoesOn() throws Exception {
        try (SchedulerHarness harness =
                new SchedulerHarness(SchedulerHarness.settings("plover.idle", TriggerPlacement.BOTH))) {
            for (int i = 0; i < RECORDS; i++) {
                harness.send(random.nextInt(4) == 0 ? report() : sample());
                harness.advanceMillis(random.nextInt(1200));
            }
            harness.sent();
            harness.send(Inbounds.of(Samples.busy(7, 4, harness.nowMicros())));
            harness.advanceMillis(600);
            harness.send(Inbounds.of(Samples.busy(7, 4, harness.nowMicros())));

            assertThat(harness.sent().plans()).as("seed %s", seed).isNotEmpty();
        }
    }

    @Test
    void anEndlessReasonDoesNotMakeThePlansTooLargeToSend() throws Exception {
        try (SchedulerHarness harness =
                new SchedulerHarness(SchedulerHarness.settings("remus.fixed", TriggerPlacement.HOST))) {
            OperatorIntent pin = Intents.pin(10_000_000, OptionalLong.empty());
            harness.send(Inbounds.of(Intents.because(pin, "x".repeat(1_000_000))));
            harness.send(Inbounds.of(Samples.busy(7, 4, harness.nowMicros())));

            assertThat(harness.sent().plans().get(0).plan().plan().maxEpochNanos())
                    .isEqualTo(10_000_000);
        }
    }

    @Test
    void theMetricsGoOn() throws Exception {
        try (KeyedOneInputStreamOperatorTestHarness<String, Inbound, Outgoing> harness =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new MetricsFunction("metrics", MicrosClock.SYSTEM)),
                        Inbound::vmName,
                        Types.STRING)) {
            harness.open();
            for (int i = 0; i < RECORDS; i++) {
                Inbound inbound = random.nextInt(4) == 0 ? report() : sample();
                harness.processElement(inbound, inbound.eventMillis());
            }

            harness.processWatermark(Watermark.MAX_WATERMARK);

            assertThat(harness.extractOutputValues()).as("seed %s", seed).isNotEmpty();
        }
    }
}
