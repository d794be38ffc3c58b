package io.lull.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.lull.policy.signal.VmSample;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** That reading samples by hand differs from reading them by way of Avro in speed alone. */
class SampleReaderTest {
    private static final int VALUES = 5_000;
    private static final int DAMAGED = 100_000;
    private static final long SEED = 20_261_128;

    private final Schema schema = io.lull.schemas.avro.VmSample.getClassSchema();
    private final AvroCodec<io.lull.schemas.avro.VmSample> codec = AvroCodec.singleObject(schema);
    private final Mapped<VmSample, io.lull.schemas.avro.VmSample> byAvro =
            new Mapped<>(codec, schema, SampleMapper::toAvro, SampleMapper::toPolicy);
    private final SampleReader byHand = new SampleReader(schema, new SingleObjectFraming(schema, List.of()).header());

    @Test
    void readsTheCurrentSchema() {
        // When this fails, the schema has changed: change SampleReader.READS and what it reads with it.
        assertThat(byHand.reads()).isTrue();
    }

    @Test
    void readsWhatWasWritten() {
        int read = 0;
        for (int seed = 0; seed < VALUES; seed++) {
            VmSample sample = new RandomValues(seed).sample();
            VmSample again = byHand.read(byAvro.encode(sample));
            if (again != null) {
                assertThat(again).as("seed %d", seed).isEqualTo(sample);
                read++;
            }
        }
        // Numbers of ten bytes go the long way; the random values have more of them than any host.
        assertThat(read).isGreaterThan(VALUES / 50);
    }

    @Test
    void readsFromDamagedBytesWhatAvroReadsFromThem() {
        Random random = new Random(SEED);
        int both = 0;
        for (int i = 0; i < DAMAGED; i++) {
            byte[] bytes = byAvro.encode(new RandomValues(i % VALUES).sample());
            int at = 10 + random.nextInt(bytes.length - 10);
            bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 1 << random.nextInt(8));
            VmSample sample = byHand.read(bytes);
            if (sample != null) {
                assertThatCode(() -> assertThat(byAvro.decode(bytes)).isEqualTo(sample))
                        .as("seed %d, record %d, byte %d", SEED, i, at)
                        .doesNotThrowAnyException();
                both++;
            }
        }
        assertThat(both).isPositive();
    }

    @Test
    void leavesRecordsOfAnotherSchemaToAvro() {
        SampleReader ofAnother = new SampleReader(
                ReleasedSchemas.of("VmSample").get(0),
                new SingleObjectFraming(ReleasedSchemas.of("VmSample").get(0), List.of()).header());

        assertThat(ofAnother.reads()).isFalse();
        assertThat(byHand.read(new byte[] {1, 2, 3})).isNull();
    }
}
