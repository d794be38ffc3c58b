package io.lull.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Inbounds;
import io.lull.job.stream.Input;
import io.lull.job.stream.Outgoing;
import io.lull.job.stream.RawRecord;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema.KafkaSinkContext;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class OutgoingSerializerTest {
    private static final KafkaSinkContext CONTEXT = new KafkaSinkContext() {
        @Override
        public int getParallelInstanceId() {
            return 0;
        }

        @Override
        public int getNumberOfParallelInstances() {
            return 1;
        }

        @Override
        public int[] getPartitionsForTopic(String topic) {
            return new int[] {0};
        }
    };

    private static ProducerRecord<byte[], byte[]> written(Outgoing outgoing) {
        return new OutgoingSerializer().serialize(outgoing, CONTEXT, 17L);
    }

    @Test
    void leavesPartitionAndTimeToKafka() {
        ProducerRecord<byte[], byte[]> written = written(Outgoing.of("commands", "vm-1", new byte[] {1, 2}));

        assertThat(written.topic()).isEqualTo("commands");
        assertThat(written.key()).asString(StandardCharsets.UTF_8).isEqualTo("vm-1");
        assertThat(written.value()).containsExactly(1, 2);
        assertThat(written.partition()).isNull();
        assertThat(written.timestamp()).isNull();
        assertThat(written.headers()).isEmpty();
    }

    @Test
    void aRejectedRecordKeepsItsKeyOrTheLackOfOneAndSaysWhereItCameFrom() {
        RawRecord raw = Inbounds.raw(Input.EPOCHS, new byte[] {7});
        RawRecord keyless = new RawRecord(Input.EPOCHS, "epochs", 1, 2, 3, false, new byte[0], true, new byte[] {7});

        ProducerRecord<byte[], byte[]> written = written(Outgoing.rejected("rejected", raw, "why".repeat(1000)));

        assertThat(written.key()).isEqualTo(raw.key());
        assertThat(written.value()).containsExactly(7);
        assertThat(written.headers().toArray())
                .extracting(Header::key)
                .containsExactlyInAnyOrder("source.topic", "source.partition", "source.offset", "reason");
        assertThat(written.headers().lastHeader("reason").value()).hasSize(1000);
        assertThat(written(Outgoing.rejected("rejected", keyless, "why")).key()).isNull();
    }
}
