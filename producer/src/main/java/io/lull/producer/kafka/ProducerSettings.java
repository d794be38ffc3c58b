package io.lull.producer.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The settings of the two producers: one gives up after half a second, the other never. */
final class ProducerSettings {
    /** How long a telemetry record may wait inside Kafka's client. */
    static final Duration TELEMETRY_DELIVERY = Duration.ofMillis(500);

    private static final Duration TELEMETRY_BLOCK = Duration.ofMillis(250);
    private static final Duration DURABLE_LINGER = Duration.ofMillis(20);
    private static final Duration DURABLE_BLOCK = Duration.ofSeconds(1);
    private static final Duration DURABLE_REQUEST = Duration.ofSeconds(2);
    private static final long TELEMETRY_BUFFER_BYTES = 16L << 20;
    private static final long DURABLE_BUFFER_BYTES = 8L << 20;
    private static final int MAX_REQUEST_BYTES = 2 << 20;

    private ProducerSettings() {}

    /** At most once: a sample holds deltas, and one that came twice would count twice. */
    static Map<String, Object> telemetry(KafkaConnection connection) {
        Map<String, Object> settings = common(connection);
        settings.put(ProducerConfig.ACKS_CONFIG, "1");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        settings.put(ProducerConfig.RETRIES_CONFIG, 0);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TELEMETRY_DELIVERY.toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) TELEMETRY_DELIVERY.toMillis());
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TELEMETRY_BLOCK.toMillis());
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, TELEMETRY_BUFFER_BYTES);
        return settings;
    }

    /** Retried for as long as it takes, in order, each record once. */
    static Map<String, Object> durable(KafkaConnection connection) {
        Map<String, Object> settings = common(connection);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        // No decision inside an epoch waits for a report, and a hundred requests a second for them cost a core's tenth.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, DURABLE_LINGER.toMillis());
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DURABLE_REQUEST.toMillis());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DURABLE_BLOCK.toMillis());
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, DURABLE_BUFFER_BYTES);
        return settings;
    }

    private static Map<String, Object> common(KafkaConnection connection) {
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        return settings;
    }
}
