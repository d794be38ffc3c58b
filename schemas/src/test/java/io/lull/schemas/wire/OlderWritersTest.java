package io.lull.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.NetworkSample;
import io.lull.policy.signal.WindowEpochs;
import io.lull.policy.signal.WindowMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** What fields mean that the writer of a record did not know. */
class OlderWritersTest {
    private final Wire wire = new Wire();

    @Test
    void allThatIsHeldCountsAsOpenInASampleThatDoesNotTellEpochsApart() throws Exception {
        Schema schema = ReleasedSchemas.of("VmSample").get(0);
        GenericRecord network = new GenericRecordBuilder(
                        schema.getField("network").schema())
                .set("heldPackets", 5L)
                .set("heldBytes", 500L)
                .set("oldestHeldNanos", 70L)
                .build();
        GenericRecord sample = new GenericRecordBuilder(schema)
                .set("vmId", "web")
                .set("intervalNanos", 1L)
                .set("dirtySource", symbol(schema, "dirtySource", "NONE"))
                .set("network", network)
                .build();

        assertThat(wire.decodeSample(bytes(schema, sample)).network())
                .isEqualTo(new NetworkSample(0, 0, 0, 0, 5, 500, 70, 5, 70));
    }

    @Test
    void framesAreKnownToAWriterThatDoesNotSaySo() throws Exception {
        Schema schema = ReleasedSchemas.of("VmSample").get(0);
        GenericRecord sample = new GenericRecordBuilder(schema)
                .set("vmId", "web")
                .set("intervalNanos", 1L)
                .set("dirtySource", symbol(schema, "dirtySource", "NONE"))
                .build();
        Schema reports = ReleasedSchemas.of("EpochReport").get(0);
        GenericRecord report = new GenericRecordBuilder(reports)
                .set("vmId", "web")
                .set("epoch", 1L)
                .set("reason", symbol(reports, "reason", "T_MAX"))
                .build();

        assertThat(wire.decodeSample(bytes(schema, sample)).network().known()).isTrue();
        assertThat(wire.decodeEpoch(bytes(reports, report)).held().known()).isTrue();
    }

    @Test
    void aReportWithoutTheBusyShareBeforeItsFiringHasNone() throws Exception {
        Schema schema = ReleasedSchemas.of("EpochReport").get(0);
        GenericRecord trigger = new GenericRecordBuilder(
                        schema.getField("trigger").schema())
                .set("signalToDecisionNanos", 3L)
                .set("decisionToPauseNanos", 4L)
                .build();
        GenericRecord report = new GenericRecordBuilder(schema)
                .set("vmId", "web")
                .set("epoch", 1L)
                .set("reason", symbol(schema, "reason", "T_MAX"))
                .set("trigger", trigger)
                .build();

        assertThat(wire.decodeEpoch(bytes(schema, report)).trigger()).isEqualTo(new EpochReport.Trigger(3, 4, 0));
    }

    @Test
    void aWindowOfTheFirstJobLeavesOutWhatThatDidNotMeasure() throws Exception {
        Schema schema = ReleasedSchemas.of("WindowMetrics").get(0);
        GenericRecord window = new GenericRecordBuilder(schema)
                .set("vmId", "web")
                .set("windowNanos", 100_000_000L)
                .set("samples", 7L)
                .set("dirtyPagesPerSecond", 9.0)
                .set("epochs", 2L)
                .set("epochsPerSecond", 20.0)
                .set("pauseP50Nanos", 3L)
                .set("pauseMaxNanos", 4L)
                .build();

        WindowMetrics read = wire.decodeMetrics(bytes(schema, window));

        assertThat(read.load().orElseThrow().samples()).isEqualTo(7);
        assertThat(read.load().orElseThrow().levels()).isEmpty();
        assertThat(read.load().orElseThrow().idle().times()).isEmpty();
        assertThat(read.dirtying()).isEmpty();
        assertThat(read.epochs().orElseThrow())
                .isEqualTo(new WindowEpochs(
                        2,
                        new WindowEpochs.Times(3, Optional.empty(), 4),
                        new WindowEpochs.Times(0, Optional.empty(), 0),
                        0,
                        Optional.empty(),
                        Optional.empty()));
        assertThat(read.link()).isEmpty();
    }

    private static GenericData.EnumSymbol symbol(Schema schema, String field, String symbol) {
        return new GenericData.EnumSymbol(schema.getField(field).schema(), symbol);
    }

    private static byte[] bytes(Schema schema, GenericRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new SingleObjectFraming(schema, List.of()).header());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        return out.toByteArray();
    }
}
