package io.lull.schemas.file;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.avro.Recorded;
import io.lull.schemas.wire.EpochMapper;
import io.lull.schemas.wire.SampleMapper;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * Writes a recording: an Avro object container file with the deflate codec whose records are {@code Recorded}, so that
 * any Avro tool can read it. It says nothing of {@link RecordingFile}'s limits: who writes keeps to them by {@link
 * #entries} and {@link #writtenBytes}. For one thread.
 */
public final class RecordingWriter implements Closeable {
    private static final int DEFLATE_LEVEL = 6;
    private static final int BLOCK_BYTES = 256 << 10;

    private final Counted out;
    private final DataFileWriter<Recorded> writer;
    private long entries;

    /** Begins the file at {@code path}; one that is there is replaced. */
    public RecordingWriter(Path path) throws IOException {
        this.out = new Counted(new BufferedOutputStream(Files.newOutputStream(path)));
        this.writer = new DataFileWriter<Recorded>(new SpecificDatumWriter<>(Recorded.class))
                .setCodec(CodecFactory.deflateCodec(DEFLATE_LEVEL))
                .setSyncInterval(BLOCK_BYTES);
        writer.create(Recorded.getClassSchema(), out);
    }

    public void append(VmSample sample) throws IOException {
        writer.append(new Recorded(SampleMapper.toAvro(sample), null));
        entries++;
    }

    public void append(EpochReport report) throws IOException {
        writer.append(new Recorded(null, EpochMapper.toAvro(report)));
        entries++;
    }

    /** Samples and reports so far. */
    public long entries() {
        return entries;
    }

    /** Size of what has been written; the newest entries wait in memory until a block is full. */
    public long writtenBytes() {
        return out.bytes;
    }

    /** Writes what waits and ends the file. */
    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Counted extends OutputStream {
        private final OutputStream to;
        private long bytes;

        Counted(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
            bytes++;
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            to.write(from, offset, length);
            bytes += length;
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }

        @Override
        public void close() throws IOException {
            to.close();
        }
    }
}
