package io.lull.job.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Samples;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboundDecoderTest {
    private static final int HEADER_BYTES = 10;

    /** As Avro writes one: a name, and as many values. */
    private static byte[] batch(List<byte[]> samples) {
        byte[] like =
                Inbounds.WIRE.encodeBatch("h", List.of(Samples.busy(1, 1, 1))).get(0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(like, 0, HEADER_BYTES);
        writeCount(out, 1);
        out.write('h');
        writeCount(out, samples.size());
        for (byte[] sample : samples) {
            writeCount(out, sample.length);
            out.writeBytes(sample);
        }
        writeCount(out, 0);
        return out.toByteArray();
    }

    private static void writeCount(ByteArrayOutputStream out, int count) {
        long left = 2L * count;
        while (left > 0x7f) {
            out.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }

    @Test
    void aBatchOfBadSamplesIsKeptOnceAndNotOnceForEachOfThem() {
        byte[] good = Inbounds.WIRE.encode(Samples.busy(7, 4, 1_000));
        for (int bad : new int[] {1, InboundDecoder.MAX_BAD_SAMPLES, InboundDecoder.MAX_BAD_SAMPLES + 1, 100_000}) {
            List<byte[]> samples = new ArrayList<>(Collections.nCopies(bad, new byte[0]));
            samples.add(0, good);
            samples.add(good);
            RawRecord raw = Inbounds.raw(Input.TELEMETRY, batch(samples));
            List<Inbound> out = new ArrayList<>();
            InboundDecoder.decodeAll(raw, out::add);

            int kept = Math.min(bad, InboundDecoder.MAX_BAD_SAMPLES + 1);
            assertThat(out).as("%s bad ones", bad).hasSize(kept + 2);
            assertThat(out).filteredOn(Inbound.Sample.class::isInstance).hasSize(2);
            assertThat(out.stream().anyMatch(one -> one instanceof Inbound.Rejected all && all.raw() == raw))
                    .isEqualTo(bad > InboundDecoder.MAX_BAD_SAMPLES);
        }
    }
}
