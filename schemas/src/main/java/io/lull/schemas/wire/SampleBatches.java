package io.lull.schemas.wire;

import io.lull.schemas.avro.SampleBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Puts encoded samples of one host into batches, and takes them out again byte for byte. A batch carries each sample as
 * it would stand alone, so that all that holds for single samples (older schemas, one that is bad among good ones) holds
 * for those in a batch too.
 */
final class SampleBatches {
    /** A batch is closed when it has this many bytes of samples: half of what a record may have. */
    static final int FULL_BYTES = AvroCodec.MAX_RECORD_BYTES / 2;

    private static final Schema SCHEMA = SampleBatch.getClassSchema();

    private final byte[] header;
    private final AvroCodec<SampleBatch> codec;

    SampleBatches() {
        Framing framing = new SingleObjectFraming(SCHEMA, ReleasedSchemas.of(SCHEMA.getName()));
        header = framing.header();
        codec = new AvroCodec<>(SCHEMA, framing);
    }

    /** One batch with all samples, or several when they are many. */
    List<byte[]> encode(String hostId, List<byte[]> samples) {
        List<byte[]> batches = new ArrayList<>();
        List<ByteBuffer> open = new ArrayList<>();
        int openBytes = 0;
        for (byte[] sample : samples) {
            if (openBytes > 0 && openBytes + sample.length > FULL_BYTES) {
                batches.add(codec.encode(new SampleBatch(hostId, open)));
                open = new ArrayList<>();
                openBytes = 0;
            }
            open.add(ByteBuffer.wrap(sample));
            openBytes += sample.length;
        }
        if (!open.isEmpty()) {
            batches.add(codec.encode(new SampleBatch(hostId, open)));
        }
        return batches;
    }

    /** The records within a batch; whatever is no batch stands for itself. */
    List<byte[]> recordsIn(byte[] bytes) throws BadRecordException {
        if (!Headers.begins(bytes, header)) {
            return List.of(bytes);
        }
        List<ByteBuffer> samples = codec.decode(bytes).getSamples();
        List<byte[]> records = new ArrayList<>(samples.size());
        for (ByteBuffer sample : samples) {
            byte[] one = new byte[sample.remaining()];
            sample.get(one);
            records.add(one);
        }
        return records;
    }
}
