package io.lull.job.kafka;

import io.lull.job.stream.Inbound;
import io.lull.job.stream.Input;
import io.lull.job.stream.Outgoing;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The job's sources and sinks.
 *
 * <p>Delivery is at least once: commands name their epoch or carry a growing plan id, so that a repeated one is a
 * no-op, while exactly-once would make every command wait for a Flink checkpoint.
 *
 * @param bootstrapServers the Kafka cluster
 * @param clientProperties further settings of every Kafka client, for example of TLS
 */
public record KafkaEnds(String bootstrapServers, Map<String, String> clientProperties) {
    /** A rejected record may be as large as the broker takes, and then carries headers on top. */
    private static final String MAX_REQUEST_BYTES = Integer.toString(2 << 20);

    public KafkaEnds {
        clientProperties = Map.copyOf(clientProperties);
    }

    /** A source of one topic: intents from the beginning, since they stay in force; all else from its end. */
    public KafkaSource<Inbound> source(Input input, String topic, String groupId) {
        OffsetsInitializer start = input == Input.INTENTS ? OffsetsInitializer.earliest() : OffsetsInitializer.latest();
        return KafkaSource.<Inbound>builder()
                .setBootstrapServers(bootstrapServers)
                .setProperties(properties())
                .setTopics(topic)
                .setGroupId(groupId)
                .setStartingOffsets(start)
                .setDeserializer(new InboundDeserializer(input))
                .build();
    }

    /** A sink of records that name their topic. Nothing lingers: a command that waits for company comes too late. */
    public KafkaSink<Outgoing> sink() {
        Properties properties = properties();
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        return KafkaSink.<Outgoing>builder()
                .setBootstrapServers(bootstrapServers)
                .setKafkaProducerConfig(properties)
                .setRecordSerializer(new OutgoingSerializer())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }

    private Properties properties() {
        Properties properties = new Properties();
        // Back soon after a broker is: workers are without plans until then.
        for (String pause :
                List.of(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG)) {
            properties.setProperty(pause, "50");
        }
        for (String longest : List.of(
                CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG)) {
            properties.setProperty(longest, "250");
        }
        properties.putAll(clientProperties);
        return properties;
    }
}
