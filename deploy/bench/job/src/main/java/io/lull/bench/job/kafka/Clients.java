package io.lull.bench.job.kafka;

import io.lull.producer.kafka.KafkaConnection;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka clients with the settings that Lull's own have where latency depends on them. */
final class Clients {
    private static final int BACKLOG_BATCH_BYTES = 256 << 10;
    private static final int BACKLOG_BUFFER_BYTES = 64 << 20;
    private static final int BACKLOG_LINGER_MILLIS = 5;

    private Clients() {}

    /** Sends at once, as probes do: one acknowledgement, no retry. */
    static KafkaProducer<byte[], byte[]> probe(KafkaConnection connection) {
        Map<String, Object> settings = producing(connection);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.ACKS_CONFIG, "1");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        return new KafkaProducer<>(settings);
    }

    /** Sends at once and surely, as the sinks of the job do. */
    static KafkaProducer<byte[], byte[]> sink(KafkaConnection connection) {
        Map<String, Object> settings = producing(connection);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        return new KafkaProducer<>(settings);
    }

    /** Fills a topic as fast as it goes. */
    static KafkaProducer<byte[], byte[]> backlog(KafkaConnection connection) {
        Map<String, Object> settings = producing(connection);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, BACKLOG_LINGER_MILLIS);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BACKLOG_BATCH_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BACKLOG_BUFFER_BYTES);
        settings.put(ProducerConfig.ACKS_CONFIG, "1");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        return new KafkaProducer<>(settings);
    }

    /** Reads as soon as there is something. */
    static KafkaConsumer<byte[], byte[]> reader(KafkaConnection connection) {
        return reading(connection.clientSettings());
    }

    /** The same for one that commits as this group. */
    static KafkaConsumer<byte[], byte[]> reader(KafkaConnection connection, String group) {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        return reading(settings);
    }

    private static KafkaConsumer<byte[], byte[]> reading(Map<String, Object> settings) {
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        return new KafkaConsumer<>(settings);
    }

    private static Map<String, Object> producing(KafkaConnection connection) {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return settings;
    }
}
