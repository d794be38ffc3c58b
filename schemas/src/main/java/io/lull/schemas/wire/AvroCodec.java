package io.lull.schemas.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads one kind of Avro record with its framing. Safe for use by many threads.
 *
 * <p>A record of more than {@link #MAX_RECORD_BYTES} is refused unparsed. Within that bound Avro itself refuses a
 * length or count that the remaining bytes can't hold, so that hostile bytes allocate no more than a small multiple of
 * their own size.
 *
 * @param <T> the generated class
 */
public final class AvroCodec<T extends SpecificRecord> {
    /** The largest record, header included: 1 MiB. */
    public static final int MAX_RECORD_BYTES = 1 << 20;

    /** Where a thread writes its records, one after the other; Avro's own buffer costs as much as a small record. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    static {
        AvroTrust.init();
    }

    private final Schema current;
    private final Framing framing;
    private final byte[] header;
    private final SpecificData data;
    private final SpecificDatumWriter<T> writer;
    private final Map<Schema, SpecificDatumReader<T>> readers = new ConcurrentHashMap<>();

    public AvroCodec(Schema current, Framing framing) {
        this.current = current;
        this.framing = framing;
        this.header = framing.header();
        this.data = new SpecificData(AvroCodec.class.getClassLoader());
        this.writer = new SpecificDatumWriter<>(current, generatedEncoders());
    }

    /**
     * Avro's generated {@code customEncode} in place of its walk over the schema: the same bytes for a third of the time.
     * Only for writing; what is read may be hostile, and is read by the walk, whose bounds are known.
     */
    private static SpecificData generatedEncoders() {
        SpecificData data = new SpecificData(AvroCodec.class.getClassLoader());
        data.setCustomCoders(true);
        return data;
    }

    /** A codec with single-object encoding that reads all released versions of the schema. */
    public static <T extends SpecificRecord> AvroCodec<T> singleObject(Schema current) {
        return new AvroCodec<>(current, new SingleObjectFraming(current, ReleasedSchemas.of(current.getName())));
    }

    /** The record's bytes; a record over the limit is the caller's error. */
    public byte[] encode(T record) {
        Scratch scratch = SCRATCH.get();
        ByteArrayOutputStream out = scratch.begin();
        out.writeBytes(header);
        try {
            writer.write(record, scratch.encoder);
            scratch.encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a write to memory failed", e);
        }
        if (out.size() > MAX_RECORD_BYTES) {
            // Not kept: a thread that wrote one oversized record would hold its bytes for ever.
            SCRATCH.remove();
            throw new IllegalArgumentException(
                    current.getName() + " of " + out.size() + " bytes is over the limit of " + MAX_RECORD_BYTES);
        }
        return out.toByteArray();
    }

    /** The record in these bytes, resolved to the current schema. */
    public T decode(byte[] bytes) throws BadRecordException {
        if (bytes.length > MAX_RECORD_BYTES) {
            throw new BadRecordException(
                    current.getName() + " size",
                    bytes.length + " bytes are over the limit of " + MAX_RECORD_BYTES,
                    null);
        }
        Framing.Framed framed = framing.read(bytes);
        int offset = framed.bodyOffset();
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, null);
        try {
            T record = reader(framed.writer()).read(null, decoder);
            if (!decoder.isEnd()) {
                throw bad(bytes, "bytes are left over after it", null);
            }
            return record;
        } catch (IOException | RuntimeException e) {
            throw bad(bytes, String.valueOf(e), e);
        }
    }

    private BadRecordException bad(byte[] bytes, String what, @Nullable Throwable cause) {
        return new BadRecordException(
                current.getName() + " body of a record of " + bytes.length + " bytes", what, cause);
    }

    private SpecificDatumReader<T> reader(Schema writerSchema) {
        return readers.computeIfAbsent(writerSchema, schema -> new SpecificDatumReader<>(schema, current, data));
    }

    private static final class Scratch {
        private static final int BEGIN_BYTES = 1024;

        private final ByteArrayOutputStream out = new ByteArrayOutputStream(BEGIN_BYTES);
        private BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);

        /** Forgets what was written before, also by a record that failed half way. */
        ByteArrayOutputStream begin() {
            encoder = EncoderFactory.get().binaryEncoder(out, encoder);
            out.reset();
            return out;
        }
    }
}
