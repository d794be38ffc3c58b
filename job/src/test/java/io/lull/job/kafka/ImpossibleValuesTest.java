package io.lull.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.InboundDecoder;
import io.lull.job.stream.Input;
import io.lull.schemas.avro.EpochReport;
import io.lull.schemas.avro.OperatorIntent;
import io.lull.schemas.avro.VmSample;
import io.lull.schemas.wire.AvroCodec;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.EpochMapper;
import io.lull.schemas.wire.SampleMapper;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** Records that are well formed and say what cannot be: they are kept aside with a reason that names the value. */
class ImpossibleValuesTest {
    private static <T extends SpecificRecord> Inbound.Rejected rejected(Input input, T avro) {
        byte[] bytes = AvroCodec.<T>singleObject(avro.getSchema()).encode(avro);
        Inbound inbound = InboundDecoder.decode(Inbounds.raw(input, bytes)).orElseThrow();
        assertThat(inbound).isInstanceOf(Inbound.Rejected.class);
        Inbound.Rejected rejected = (Inbound.Rejected) inbound;
        assertThat(rejected.raw().value()).isEqualTo(bytes);
        return rejected;
    }

    private static void put(SpecificRecord avro, String field, Object value) {
        avro.put(avro.getSchema().getField(field).pos(), value);
    }

    private static String ofSample(Consumer<VmSample> change) {
        VmSample avro = SampleMapper.toAvro(Samples.busy(7, 4, 5_000_000));
        change.accept(avro);
        return rejected(Input.TELEMETRY, avro).reason();
    }

    private static String ofReport(Consumer<EpochReport> change) {
        EpochReport avro = EpochMapper.toAvro(Reports.report(7, 5_000_000, 1000));
        change.accept(avro);
        return rejected(Input.EPOCHS, avro).reason();
    }

    @Test
    void ofSamples() {
        assertThat(ofSample(sample -> put(sample, "intervalNanos", 0L)))
                .contains("intervalNanos must be positive, is 0");
        assertThat(ofSample(sample -> put(sample, "epoch", -1L))).contains("epoch must not be negative");
        assertThat(ofSample(sample -> put(sample, "vmId", "no such vm"))).contains("'no such vm'");
        assertThat(ofSample(sample -> put(sample.getNetwork(), "heldBytes", -5L)))
                .contains("heldBytes");
        assertThat(ofSample(sample -> put(sample.getVcpus().get(0), "runNanos", -5L)))
                .contains("runNanos");
        assertThat(ofSample(sample -> put(sample, "dirtySource", io.lull.schemas.avro.DirtySource.UNKNOWN)))
                .contains("UNKNOWN");
    }

    @Test
    void ofReports() {
        assertThat(ofReport(report -> put(report, "epoch", 0L))).contains("epoch must be positive");
        assertThat(ofReport(report -> put(report.getPages(), "dirtyPages", 5L))).contains("pages do not add up");
        assertThat(ofReport(report -> put(report, "threads", 0))).contains("threads");
    }

    @Test
    void ofIntents() throws BadRecordException {
        assertThat(ofIntent(intent -> put(intent, "intervalNanos", -1L))).contains("intervalNanos");
        assertThat(ofIntent(intent -> put(intent, "author", ""))).contains("needs an author");
    }

    private static String ofIntent(Consumer<OperatorIntent> change) throws BadRecordException {
        OperatorIntent avro = AvroCodec.<OperatorIntent>singleObject(OperatorIntent.getClassSchema())
                .decode(Inbounds.WIRE.encode(Intents.pin(10_000_000, OptionalLong.empty())));
        change.accept(avro);
        return rejected(Input.INTENTS, avro).reason();
    }
}
