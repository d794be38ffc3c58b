package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.state.PackedSerializer;
import io.lull.job.stream.Inbound;
import io.lull.policy.signal.VmSample;
import java.io.IOException;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.junit.jupiter.api.Test;

/** How windows are kept; how much is kept of a VM in all is {@link io.lull.job.WindowsSizeTest}'s to say. */
class WindowsSizeTest {
    private static final PackedSerializer<MetricsState> SERIALIZER = PackedSerializer.of(MetricsState.class);

    @Test
    void isBoundedWhateverTheRate() throws IOException {
        int usual = FullWindows.of(1).mostBytes();
        FullWindows often = FullWindows.of(0.5);
        FullWindows seldom = FullWindows.of(100);
        System.out.println("windows of a VM, bytes: " + usual + " at 1000 samples a second, " + often.mostBytes()
                + " at 2000, " + seldom.mostBytes() + " at 10");

        assertThat(often.hurried()).isPositive();
        assertThat(often.mostBytes()).isLessThan(usual + PaneRing.LOG_BYTES);
        assertThat(seldom.mostBytes()).isLessThan(usual);
    }

    @Test
    void noPaneIsHurriedAtAThousandSamplesASecond() throws IOException {
        FullWindows windows = FullWindows.of(1);

        assertThat(windows.refused()).isZero();
        assertThat(windows.hurried()).isZero();
    }

    @Test
    void comesBackWhole() throws IOException {
        PaneRing ring = new PaneRing((start, length, sums, curve) -> {});
        MetricsState state = new MetricsState();
        StreamTime now = new StreamTime(FullWindows.START_MICROS / 1000);
        SeededVm vm = new SeededVm(new Random(6), "vm", 1);
        for (int i = 0; i < 3000; i++) {
            long atMicros = FullWindows.START_MICROS + 1000L * i;
            now.follow(atMicros / 1000 - 200, atMicros / 1000);
            for (Inbound inbound : vm.next(atMicros)) {
                if (inbound instanceof Inbound.Sample sample) {
                    VmSample value = sample.sample();
                    ring.add(state, inbound.eventMillis(), value, now);
                }
            }
        }

        MetricsState copy = SERIALIZER.deserialize(new DataInputDeserializer(FullWindows.bytes(state)));

        assertThat(copy).usingRecursiveComparison().isEqualTo(state);
        assertThat(SERIALIZER.copy(state)).usingRecursiveComparison().isEqualTo(state);
    }
}
