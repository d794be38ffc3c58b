package io.lull.schemas.wire;

import io.lull.schemas.avro.SampleBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

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

    /** Whether {@link #boundsIn} knows the schema: a text and an array of bytes. */
    private final boolean plain;

    SampleBatches() {
        Framing framing = new SingleObjectFraming(SCHEMA, ReleasedSchemas.of(SCHEMA.getName()));
        header = framing.header();
        codec = new AvroCodec<>(SCHEMA, framing);
        plain = isPlain(SCHEMA);
    }

    /** By types alone: a text also says by which class Java knows it, which is nothing on the wire. */
    private static boolean isPlain(Schema schema) {
        List<Schema.Field> fields = schema.getFields();
        return fields.size() == 2
                && fields.get(0).schema().getType() == Schema.Type.STRING
                && fields.get(1).schema().getType() == Schema.Type.ARRAY
                && fields.get(1).schema().getElementType().getType() == Schema.Type.BYTES;
    }

    /**
     * Where the records within a batch are: begin and end of each. Null of what is no batch, and of a batch that is not
     * right in every byte, which must go the long way by {@link #recordsIn}.
     */
    int @Nullable [] boundsIn(byte[] bytes) {
        if (!plain || bytes.length > AvroCodec.MAX_RECORD_BYTES || !Headers.begins(bytes, header)) {
            return null;
        }
        try {
            BodyReader in = new BodyReader(bytes, header.length, bytes.length);
            in.skip();
            int[] bounds = new int[2 * in.count()];
            for (int i = 0; i < bounds.length; i += 2) {
                int length = in.count();
                bounds[i] = in.position();
                bounds[i + 1] = in.position() + length;
                in.pass(length);
            }
            boolean ends = bounds.length == 0 || in.count() == 0;
            return ends && in.isAtEnd() ? bounds : null;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
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
