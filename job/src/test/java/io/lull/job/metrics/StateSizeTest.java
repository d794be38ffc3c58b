package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.stream.Inbound;
import io.lull.policy.signal.VmSample;
import java.io.IOException;
import java.util.Random;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** How much Flink keeps of a VM, as its own serializer writes it. */
class StateSizeTest {
    private static final TypeSerializer<MetricsState> SERIALIZER =
            TypeInformation.of(MetricsState.class).createSerializer(new SerializerConfigImpl());
    private static final long START_MICROS = 1_700_000_000_000_000L;

    private static byte[] bytes(MetricsState state) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(1 << 14);
        SERIALIZER.serialize(state, out);
        return out.getCopyOfBuffer();
    }

    /** The most that is kept while a VM is sampled each {@code stepMillis}, over twenty-five seconds. */
    private static int mostBytes(double stepMillis, long lagMillis) throws IOException {
        PaneRing ring = new PaneRing((start, length, sums, curve) -> {});
        MetricsState state = new MetricsState();
        Random random = new Random(5);
        SeededVm vm = new SeededVm(random, "vm", stepMillis);
        int most = 0;
        for (double at = 0; at < 25_000; at += stepMillis) {
            long atMicros = START_MICROS + (long) (1000 * at);
            long watermarkMillis = atMicros / 1000 - lagMillis;
            for (Inbound inbound : vm.next(atMicros)) {
                PaneRing.Admission admission = inbound instanceof Inbound.Sample sample
                        ? ring.add(state, inbound.eventMillis(), sample.sample(), watermarkMillis)
                        : ring.add(state, inbound.eventMillis(), ((Inbound.Report) inbound).report(), watermarkMillis);
                assertThat(admission).isEqualTo(PaneRing.Admission.TAKEN);
            }
            if (at > 9_000) {
                most = Math.max(most, bytes(state).length);
            }
        }
        return most;
    }

    @Test
    void isBoundedAtEveryRateAndLag() throws IOException {
        int usual = mostBytes(1, 220);
        int slow = mostBytes(100, 220);
        int twice = mostBytes(0.5, 220);
        int lagging = mostBytes(1, 5_000);
        System.out.println("windows of a VM, bytes: " + usual + " at 1000 samples a second, " + slow + " at 10, "
                + twice + " at 2000, " + lagging + " at 1000 with the watermark 5 s behind");

        assertThat(usual).isLessThan(6 << 10);
        assertThat(slow).isLessThan(4 << 10);
        assertThat(twice).isLessThan(8 << 10);
        assertThat(lagging).isLessThan(8 << 10);
    }

    @Test
    void comesBackWhole() throws IOException {
        PaneRing ring = new PaneRing((start, length, sums, curve) -> {});
        MetricsState state = new MetricsState();
        SeededVm vm = new SeededVm(new Random(6), "vm", 1);
        for (int i = 0; i < 3000; i++) {
            long atMicros = START_MICROS + 1000L * i;
            for (Inbound inbound : vm.next(atMicros)) {
                if (inbound instanceof Inbound.Sample sample) {
                    VmSample value = sample.sample();
                    ring.add(state, inbound.eventMillis(), value, atMicros / 1000 - 200);
                }
            }
        }

        MetricsState copy = SERIALIZER.deserialize(new DataInputDeserializer(bytes(state)));

        assertThat(copy).usingRecursiveComparison().isEqualTo(state);
        assertThat(SERIALIZER.copy(state)).usingRecursiveComparison().isEqualTo(state);
    }
}
