package io.lull.job.kafka;

import io.lull.job.stream.Inbound;
import io.lull.job.stream.Input;
import io.lull.job.stream.Outgoing;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The job's sources and sinks.
 *
 * <p>Commands are delivered at least once: they name their epoch or carry a growing plan id, so that a repeated one is a
 * no-op, while exactly-once would make every command wait for a Flink checkpoint. What people and tools read can wait,
 * and is written either way, see {@link Delivery}.
 *
 * @param bootstrapServers the Kafka cluster
 * @param clientProperties further settings of every Kafka client, for example of TLS
 */
public record KafkaEnds(String bootstrapServers, Map<String, String> clientProperties) {
    /** A rejected record may be as large as the broker takes, and then carries headers on top. */
    private static final String MAX_REQUEST_BYTES = Integer.toString(2 << 20);

    /**
     * How long a transaction stays open: the longest that the job may be away between a Flink checkpoint and its commit.
     * Brokers refuse more than 15 minutes; the sink's own default is an hour.
     */
    private static final String TRANSACTION_TIMEOUT_MILLIS = Integer.toString(600_000);

    private static final String AT_ONCE_MILLIS = "0";

    /** How long decisions and windows wait for others: nobody acts on them. */
    private static final String COMPANY_MILLIS = "20";

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
        return sinkBuilder(AT_ONCE_MILLIS)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .build();
    }

    /**
     * A sink of records that name their topic and are read by people and tools: they wait a little for company, since a
     * request to the broker costs as much as hundreds of records in it.
     *
     * @param transactions begin of the names of its transactions; of one job and sink alone
     */
    public KafkaSink<Outgoing> sink(Delivery delivery, String transactions) {
        return switch (delivery) {
            case AT_LEAST_ONCE ->
                sinkBuilder(COMPANY_MILLIS)
                        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                        .build();
            case EXACTLY_ONCE ->
                sinkBuilder(COMPANY_MILLIS)
                        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                        .setTransactionalIdPrefix(transactions)
                        .build();
        };
    }

    private KafkaSinkBuilder<Outgoing> sinkBuilder(String lingerMillis) {
        Properties properties = properties();
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, lingerMillis);
        properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        return KafkaSink.<Outgoing>builder()
                .setBootstrapServers(bootstrapServers)
                .setKafkaProducerConfig(properties)
                .setRecordSerializer(new OutgoingSerializer());
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
