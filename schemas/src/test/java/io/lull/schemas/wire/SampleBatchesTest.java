package io.lull.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import io.lull.policy.signal.DirtySource;
import io.lull.policy.signal.DiskSample;
import io.lull.policy.signal.HostSample;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.TcpSample;
import io.lull.policy.signal.VcpuSample;
import io.lull.policy.signal.VmSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
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

    /** What is handed on of a record: a sample where it was read at once, bytes where it was not. */
    private List<Object> read(byte[] record) throws BadRecordException {
        List<Object> handed = new ArrayList<>();
        wire.readSamples(record, handed::add, handed::add);
        return handed;
    }

    @Test
    void readsTheSamplesOfABatchAtOnceAndHandsOnTheBytesOfAllElseInOrder() throws Exception {
        VmSample good = plain("vm-1");
        VmSample other = plain("vm-2");
        byte[] bad = {(byte) 0xC3, 1, 2, 3};
        byte[] batch = batches.encode("host-1", List.of(wire.encode(good), bad, wire.encode(other)))
                .get(0);

        assertThat(read(batch)).containsExactly(good, bad, other);
        assertThat(read(wire.encode(good))).containsExactly(good);
        assertThat(read(bad)).singleElement().isSameAs(bad);
    }

    @Test
    void aBatchAsItIsWrittenIsTakenApartWithoutAvro() throws Exception {
        byte[] first = wire.encode(plain("vm-1"));
        byte[] second = wire.encode(plain("vm-2"));
        byte[] batch = batches.encode("host-1", List.of(first, second)).get(0);

        int[] bounds = Objects.requireNonNull(batches.boundsIn(batch), "went the long way");

        assertThat(bounds).hasSize(4);
        assertThat(Arrays.copyOfRange(batch, bounds[0], bounds[1])).isEqualTo(first);
        assertThat(Arrays.copyOfRange(batch, bounds[2], bounds[3])).isEqualTo(second);
    }

    @Test
    void aBatchThatIsWrongInAnyByteIsReadAsTheLongWayReadsIt() throws Exception {
        byte[] batch = wire.encodeBatch("host-1", List.of(plain("vm-1"), plain("vm-2")))
                .get(0);
        for (int at = 0; at < batch.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] broken = batch.clone();
                broken[at] ^= (byte) (1 << bit);
                assertThat(outcome(() -> read(broken).stream()
                                .map(one -> one instanceof byte[] bytes ? outcome(() -> wire.decodeSample(bytes)) : one)
                                .toList()))
                        .as("byte %s, bit %s", at, bit)
                        .isEqualTo(outcome(() -> wire.samplesIn(broken).stream()
                                .map(bytes -> outcome(() -> wire.decodeSample(bytes)))
                                .toList()));
            }
        }
    }

    /** Of numbers as they are, which are read at once; some of the drawn ones are too great for that. */
    private static VmSample plain(String vm) {
        return new VmSample(
                new VmId(vm),
                "host-1",
                7,
                1_700_000_000_000_000L,
                1_000_000,
                4_000_000,
                List.of(new VcpuSample(0, 10, 500_000, 0), new VcpuSample(1, 3, 400_000, 1_000)),
                DirtySource.KVM_STATS,
                new NetworkSample(2, 200, 1, 60, 3, 300, 1000),
                DiskSample.NONE,
                TcpSample.NONE,
                new HostSample(2, 1, false, 0, 0));
    }

    /** What comes of it: a value, or the words of the refusal. */
    private static Object outcome(Callable<?> reading) {
        try {
            return reading.call();
        } catch (BadRecordException e) {
            return e.where() + ": " + e.what();
        } catch (Exception e) {
            throw new AssertionError("any bytes end in a value or a refusal", e);
        }
    }

    @Test
    void noSamplesMakeNoRecord() {
        assertThat(wire.encodeBatch("host-1", List.of())).isEmpty();
    }
}
