package io.lull.schemas.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.schemas.avro.Recorded;
import io.lull.schemas.wire.RandomValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingFileTest {
    private static final int VALUES = 3_000;

    @TempDir
    Path folder;

    @Test
    void givesBackWhatWasWritten() throws IOException {
        Recording written = random(VALUES);
        assertThat(RecordingFile.read(write(written))).isEqualTo(written);
    }

    @Test
    void aRecordingOfNothingIsARecording() throws IOException {
        Recording empty = new Recording(List.of(), List.of());
        assertThat(RecordingFile.read(write(empty))).isEqualTo(empty);
    }

    @Test
    void anyAvroToolCanReadIt() throws IOException {
        Path file = write(random(100));
        try (var reader = new DataFileReader<GenericRecord>(file.toFile(), new GenericDatumReader<>())) {
            int entries = 0;
            while (reader.hasNext()) {
                reader.next();
                entries++;
            }
            assertThat(entries).isEqualTo(200);
        }
    }

    @Test
    void countsWhatItWrote() throws IOException {
        Path file = folder.resolve("counted");
        RecordingWriter writer = new RecordingWriter(file);
        try (writer) {
            writer.append(new RandomValues(1).sample());
            writer.append(new RandomValues(2).epoch());
            assertThat(writer.entries()).isEqualTo(2);
        }
        assertThat(writer.writtenBytes()).isEqualTo(Files.size(file));
    }

    @Test
    void aFileCutShortAnywhereIsRefusedInOneLineOrHoldsWholeBlocksOnly() throws IOException {
        Recording written = random(VALUES);
        byte[] whole = Files.readAllBytes(write(written));
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            Path file = file(Arrays.copyOf(whole, random.nextInt(whole.length)));
            if (refusal(file).isPresent()) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(55);
        assertRefused(file(Arrays.copyOf(whole, whole.length - 1)), "cut short or damaged");
    }

    @Test
    void damagedBytesEndInOneLineOrInARecordingAndInNothingElse() throws IOException {
        byte[] whole = Files.readAllBytes(write(random(50)));
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            Path file = file(damaged);
            refusal(file)
                    .ifPresent(
                            line -> assertThat(line).contains(file.toString()).hasLineCount(1));
        }
    }

    @Test
    void otherFilesAreNoRecordings() throws IOException {
        assertRefused(file("vm: db\n".getBytes(StandardCharsets.UTF_8)), "this is no recording of Lull");
        assertRefused(file(new byte[0]), "this is no recording of Lull");
        assertRefused(foreignContainer(), "this is no recording of Lull");
    }

    @Test
    void aBlockThatInflatesWithoutEndIsRefused() throws IOException {
        Path file = folder.resolve("bomb");
        Schema schema = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Recorded\",\"namespace\":\"io.lull.schemas.avro\","
                        + "\"fields\":[{\"name\":\"x\",\"type\":\"bytes\"}]}");
        try (var writer = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(CodecFactory.deflateCodec(9)).create(schema, file.toFile());
            GenericRecord bomb = new GenericData.Record(schema);
            bomb.put("x", java.nio.ByteBuffer.wrap(new byte[2 * ContainerBlocks.MAX_BLOCK_BYTES]));
            writer.append(bomb);
        }
        assertThat(Files.size(file)).isLessThan(100_000);
        assertRefused(file, "cut short or damaged after 0 whole blocks");
    }

    @Test
    void aBlockThatClaimsTooManyEntriesIsRefused() throws IOException {
        Path file = folder.resolve("many");
        try (var writer = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(Recorded.getClassSchema()))) {
            writer.setCodec(CodecFactory.deflateCodec(9)).setSyncInterval(1 << 21);
            writer.create(Recorded.getClassSchema(), file.toFile());
            GenericRecord nothing = new GenericData.Record(Recorded.getClassSchema());
            for (int i = 0; i <= RecordingFile.MAX_ENTRIES; i++) {
                writer.append(nothing);
            }
        }
        assertRefused(file, "more than " + RecordingFile.MAX_ENTRIES);
    }

    @Test
    void everyFieldOfAnEntryHasADocAndADefault() {
        for (Schema.Field field : Recorded.getClassSchema().getFields()) {
            assertThat(field.doc()).isNotBlank();
            assertThat(field.hasDefaultValue()).isTrue();
        }
    }

    private static Recording random(int values) {
        List<VmSample> samples = new ArrayList<>();
        List<EpochReport> reports = new ArrayList<>();
        for (long seed = 0; seed < values; seed++) {
            RandomValues draw = new RandomValues(seed);
            samples.add(draw.sample());
            reports.add(draw.epoch());
        }
        return new Recording(samples, reports);
    }

    private Path write(Recording recording) throws IOException {
        Path file = Files.createTempFile(folder, "written", ".lullrec");
        try (RecordingWriter writer = new RecordingWriter(file)) {
            for (VmSample sample : recording.samples()) {
                writer.append(sample);
            }
            for (EpochReport report : recording.reports()) {
                writer.append(report);
            }
        }
        return file;
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("file.lullrec"), bytes);
    }

    private Path foreignContainer() throws IOException {
        Path file = folder.resolve("foreign");
        Schema schema = new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}");
        try (var writer = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(CodecFactory.deflateCodec(1)).create(schema, file.toFile());
        }
        return file;
    }

    private static java.util.Optional<String> refusal(Path file) {
        try {
            RecordingFile.read(file);
            return java.util.Optional.empty();
        } catch (IOException e) {
            return java.util.Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void assertRefused(Path file, String part) {
        assertThatThrownBy(() -> RecordingFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(part)
                .hasMessageContaining(file.toString())
                .message()
                .hasLineCount(1);
    }
}
