package io.lull.job.kafka;

import io.lull.job.stream.Outgoing;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Makes Kafka's record of an {@link Outgoing}; the key decides the partition. */
public final class OutgoingSerializer implements KafkaRecordSerializationSchema<Outgoing> {
    private static final long serialVersionUID = 1L;

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Outgoing outgoing, KafkaSinkContext context, @Nullable Long timestampMillis) {
        RecordHeaders headers = new RecordHeaders();
        outgoing.headers().forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        byte @Nullable [] key = outgoing.hasKey() ? outgoing.key() : null;
        return new ProducerRecord<>(outgoing.topic(), null, null, key, outgoing.value(), headers);
    }
}
