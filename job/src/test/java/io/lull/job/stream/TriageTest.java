package io.lull.job.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.RecordedMetrics;
import io.lull.job.fixture.Samples;
import io.lull.job.monitor.JobMetric;
import io.lull.job.monitor.JobMetric.Operator;
import io.lull.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TriageTest {
    private static final long NOW_MICROS = 1_700_000_000_000_000L;
    private static final long HOUR_MICROS = 3_600_000_000L;

    private final RecordedMetrics metrics = new RecordedMetrics();
    private final OneInputStreamOperatorTestHarness<Inbound, Inbound> harness;

    TriageTest() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(
                new ProcessOperator<>(new Triage("rejected")), metrics.environment(1));
    }

    @BeforeEach
    void open() throws Exception {
        harness.setup(new InboundSerializer());
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private void sampledAt(long micros) throws Exception {
        harness.processElement(new StreamRecord<>(Inbounds.appendedAt(NOW_MICROS / 1000, Samples.busy(7, 4, micros))));
    }

    @Test
    void letsGoodRecordsThroughAndCountsClocksThatAreOff() throws Exception {
        sampledAt(NOW_MICROS);
        sampledAt(NOW_MICROS + HOUR_MICROS);
        sampledAt(NOW_MICROS - HOUR_MICROS);
        sampledAt(NOW_MICROS - HOUR_MICROS);

        assertThat(harness.extractOutputValues()).hasSize(4);
        assertThat(metrics.count(JobMetric.CLOCK_AHEAD)).isEqualTo(1);
        assertThat(metrics.count(JobMetric.CLOCK_BEHIND)).isEqualTo(2);
        assertThat(metrics.count(JobMetric.REJECTED)).isZero();
        assertThat(harness.getSideOutput(Triage.REJECTED)).isNull();
    }

    @Test
    void keepsBadRecordsAsideWithTheirBytesAndTheReason() throws Exception {
        byte[] garbage = "no record".getBytes(StandardCharsets.UTF_8);
        harness.processElement(new StreamRecord<>(
                InboundDecoder.decode(Inbounds.raw(Input.EPOCHS, garbage)).orElseThrow()));

        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(metrics.count(JobMetric.REJECTED)).isEqualTo(1);
        assertThat(harness.getSideOutput(Triage.REJECTED))
                .extracting(StreamRecord::getValue)
                .singleElement()
                .satisfies(rejected -> {
                    assertThat(rejected.topic()).isEqualTo("rejected");
                    assertThat(rejected.value()).isEqualTo(garbage);
                    assertThat(rejected.headers())
                            .containsEntry("source.topic", "topic-of-EPOCHS")
                            .containsEntry("source.partition", "3")
                            .containsEntry("source.offset", "42");
                    assertThat(rejected.headers().get("reason")).contains("EpochReport header");
                });
    }

    @Test
    void ofARecordThatIsLargerThanItsTopicTakesKeepsTheBeginAndTheTrueSize() throws Exception {
        RawRecord raw = Inbounds.raw(Input.EPOCHS, new byte[20 << 20]);
        Outgoing rejected = Outgoing.rejected("rejected", raw, "too large");

        assertThat(rejected.key()).isEqualTo(raw.key());
        assertThat(rejected.key().length + rejected.value().length).isEqualTo(Topics.MAX_REJECTED_BYTES);
        assertThat(rejected.headers()).containsEntry("source.value.bytes", Integer.toString(20 << 20));
        assertThat(Outgoing.rejected("rejected", Inbounds.raw(Input.EPOCHS, new byte[1 << 20]), "bad")
                        .headers())
                .doesNotContainKey("source.value.bytes");
    }

    @Test
    void registersAllItsMetrics() {
        assertThat(metrics.names())
                .containsAll(JobMetric.of(Operator.TRIAGE).stream()
                        .map(JobMetric::label)
                        .toList());
    }
}
