package io.lull.schemas.file;

import io.lull.schemas.avro.Recorded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of an Avro object container file that is in memory. Avro's own reader allocates what a block claims to
 * hold, and inflates without an end; this one checks both, so that a hostile file costs no more than its size and
 * {@link #MAX_BLOCK_BYTES}.
 *
 * <pre>
 * "Obj" 01 · metadata (map of bytes: avro.schema, avro.codec) · 16 bytes of sync
 * blocks: entries (long) · size (long) · size bytes, deflated · the same 16 bytes of sync
 * </pre>
 */
final class ContainerBlocks {
    /** The largest block, inflated: 4 MiB. */
    static final int MAX_BLOCK_BYTES = 4 << 20;

    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    private static final int SYNC_BYTES = 16;
    private static final String FOREIGN = "this is no recording of Lull; make one with `lull record`";

    private final BinaryDecoder in;
    private final byte[] sync = new byte[SYNC_BYTES];
    private final Schema writerSchema;
    private final int sizeBytes;
    private long entries;
    private long blocks;
    private byte[] plain = {};

    private ContainerBlocks(byte[] bytes) throws IOException, BadRecordingException {
        this.sizeBytes = bytes.length;
        this.in = DecoderFactory.get().binaryDecoder(bytes, MAGIC.length, bytes.length - MAGIC.length, null);
        Map<String, byte[]> meta = metadata();
        in.readFixed(sync);
        if (!"deflate".equals(text(meta.get("avro.codec")))) {
            throw new BadRecordingException(FOREIGN, null);
        }
        this.writerSchema = new Schema.Parser().parse(String.valueOf(text(meta.get("avro.schema"))));
        if (!writerSchema.getFullName().equals(Recorded.getClassSchema().getFullName())) {
            throw new BadRecordingException(FOREIGN, null);
        }
    }

    /** Reads the header. */
    static ContainerBlocks open(byte[] bytes) throws BadRecordingException {
        if (bytes.length < MAGIC.length || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
            throw new BadRecordingException(FOREIGN, null);
        }
        try {
            return new ContainerBlocks(bytes);
        } catch (IOException | RuntimeException e) {
            throw new BadRecordingException("its header is cut short or damaged; record again", e);
        }
    }

    Schema writerSchema() {
        return writerSchema;
    }

    /** Goes to the next block; false after the last. */
    boolean next() throws BadRecordingException {
        try {
            if (in.isEnd()) {
                return false;
            }
            entries = in.readLong();
            long size = in.readLong();
            if (entries < 0 || size < 0 || size > sizeBytes) {
                throw new IOException("a block of " + entries + " entries and " + size + " bytes");
            }
            byte[] packed = new byte[(int) size];
            in.readFixed(packed);
            byte[] end = new byte[SYNC_BYTES];
            in.readFixed(end);
            if (!Arrays.equals(sync, end)) {
                throw new IOException("a block without its end mark");
            }
            plain = inflate(packed);
            blocks++;
            return true;
        } catch (IOException | RuntimeException e) {
            throw new BadRecordingException("cut short or damaged after " + blocks + " whole blocks; record again", e);
        }
    }

    /** How many entries the block claims to have. */
    long entries() {
        return entries;
    }

    /** The block's bytes. */
    byte[] plain() {
        return plain;
    }

    private Map<String, byte[]> metadata() throws IOException {
        Map<String, byte[]> meta = new HashMap<>();
        for (long left = in.readMapStart(); left != 0; left = in.mapNext()) {
            for (long i = 0; i < left; i++) {
                String key = in.readString();
                ByteBuffer value = in.readBytes(null);
                byte[] copy = new byte[value.remaining()];
                value.get(copy);
                meta.put(key, copy);
            }
        }
        return meta;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] inflate(byte[] packed) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(packed);
            ByteArrayOutputStream out =
                    new ByteArrayOutputStream(Math.min(MAX_BLOCK_BYTES, 4 * Math.min(MAX_BLOCK_BYTES, packed.length)));
            byte[] chunk = new byte[16 << 10];
            while (!inflater.finished()) {
                int length = inflater.inflate(chunk);
                if (length == 0 && !inflater.finished()) {
                    throw new IOException("compressed data ends too early");
                }
                out.write(chunk, 0, length);
                if (out.size() > MAX_BLOCK_BYTES) {
                    throw new IOException("a block of more than " + MAX_BLOCK_BYTES + " bytes");
                }
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new IOException("compressed data is damaged", e);
        } finally {
            inflater.end();
        }
    }
}
