package io.lull.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SampleBatchesTest {
    private final Wire wire = new Wire();
    private final SampleBatches batches = new SampleBatches();

    @Test
    void givesBackEachSampleByteForByte() throws Exception {
        List<byte[]> samples = Stream.iterate(0L, seed -> seed + 1)
                .limit(50)
                .map(seed -> wire.encode(new RandomValues(seed).sample()))
                .toList();

        List<byte[]> batch = batches.encode("host-1", samples);

        assertThat(batch).hasSize(1);
        List<byte[]> again = wire.samplesIn(batch.get(0));
        assertThat(again).hasSameSizeAs(samples);
        for (int i = 0; i < samples.size(); i++) {
            assertThat(again.get(i)).isEqualTo(samples.get(i));
        }
    }

    @Test
    void aSampleThatStandsAloneIsItself() throws Exception {
        byte[] sample = wire.encode(new RandomValues(1).sample());

        assertThat(wire.samplesIn(sample)).containsExactly(sample);
    }

    @Test
    void oneBadSampleIsRefusedAloneAndTheOthersAreRead() throws Exception {
        VmSample good = new RandomValues(2).sample();
        byte[] bad = {(byte) 0xC3, 1, 2, 3};
        byte[] batch = batches.encode("host-1", List.of(wire.encode(good), bad, wire.encode(good)))
                .get(0);

        List<byte[]> records = wire.samplesIn(batch);

        assertThat(wire.decodeSample(records.get(0))).isEqualTo(good);
        assertThatThrownBy(() -> wire.decodeSample(records.get(1))).isInstanceOf(BadRecordException.class);
        assertThat(wire.decodeSample(records.get(2))).isEqualTo(good);
    }

    @Test
    void aTickThatIsTooLargeForOneRecordBecomesSeveralInOrder() throws Exception {
        List<VmSample> tick = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            tick.add(new RandomValues(i).sample());
        }

        List<byte[]> records = wire.encodeBatch("host-1", tick);

        assertThat(records).hasSizeGreaterThan(1).allMatch(batch -> batch.length <= AvroCodec.MAX_RECORD_BYTES);
        List<VmSample> again = new ArrayList<>();
        for (byte[] batch : records) {
            for (byte[] sample : wire.samplesIn(batch)) {
                again.add(wire.decodeSample(sample));
            }
        }
        assertThat(again).isEqualTo(tick);
    }

    @Test
    void noSamplesMakeNoRecord() {
        assertThat(wire.encodeBatch("host-1", List.of())).isEmpty();
    }
}
