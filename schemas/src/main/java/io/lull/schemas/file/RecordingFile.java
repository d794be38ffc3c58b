package io.lull.schemas.file;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.avro.Recorded;
import io.lull.schemas.wire.AvroTrust;
import io.lull.schemas.wire.EpochMapper;
import io.lull.schemas.wire.SampleMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/**
 * Reads recordings within named limits; any file may be handed to it. What isn't a whole recording ends in an {@link
 * IOException} whose message is one line and names the file.
 */
public final class RecordingFile {
    /** The largest file: 128 MiB. */
    public static final int MAX_FILE_BYTES = 128 << 20;

    /** The most samples and reports in a file: at a thousand a second, some eight minutes. */
    public static final int MAX_ENTRIES = 500_000;

    static {
        AvroTrust.init();
    }

    private RecordingFile() {}

    /** The recording at {@code path}. */
    public static Recording read(Path path) throws IOException {
        byte[] bytes = bytes(path);
        try {
            return parse(bytes);
        } catch (BadRecordingException e) {
            throw new IOException("recording " + path + ": " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new IOException("recording " + path + " is over the limit of " + MAX_FILE_BYTES
                        + " bytes; record for a shorter time");
            }
            return bytes;
        }
    }

    private static Recording parse(byte[] bytes) throws BadRecordingException {
        ContainerBlocks blocks = ContainerBlocks.open(bytes);
        SpecificDatumReader<Recorded> reader = new SpecificDatumReader<>(
                blocks.writerSchema(),
                Recorded.getClassSchema(),
                new SpecificData(RecordingFile.class.getClassLoader()));
        List<VmSample> samples = new ArrayList<>();
        List<EpochReport> reports = new ArrayList<>();
        while (blocks.next()) {
            if (blocks.entries() > MAX_ENTRIES - samples.size() - reports.size()) {
                throw new BadRecordingException(
                        "more than " + MAX_ENTRIES + " samples and reports; record for a shorter time", null);
            }
            try {
                take(reader, blocks, samples, reports);
            } catch (IOException | RuntimeException e) {
                int good = samples.size() + reports.size();
                throw new BadRecordingException(
                        "entry " + good + " can't be read (" + oneLine(e) + "); record again", e);
            }
        }
        return new Recording(samples, reports);
    }

    private static void take(
            SpecificDatumReader<Recorded> reader,
            ContainerBlocks blocks,
            List<VmSample> samples,
            List<EpochReport> reports)
            throws IOException {
        byte[] block = blocks.plain();
        var decoder = DecoderFactory.get().binaryDecoder(block, null);
        for (long i = 0; i < blocks.entries(); i++) {
            if (decoder.isEnd()) {
                // An entry takes at least two bytes; without this a block of nothing could claim many.
                throw new IOException("its block ends before it");
            }
            Recorded entry = reader.read(null, decoder);
            io.lull.schemas.avro.VmSample sample = entry.getSample();
            io.lull.schemas.avro.EpochReport report = entry.getReport();
            if (sample != null) {
                samples.add(SampleMapper.toPolicy(sample));
            } else if (report != null) {
                reports.add(EpochMapper.toPolicy(report));
            }
        }
        if (!decoder.isEnd()) {
            throw new IOException("bytes are left over in the block before it");
        }
    }

    private static String oneLine(Exception e) {
        return String.valueOf(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                .replace('\n', ' ');
    }
}
