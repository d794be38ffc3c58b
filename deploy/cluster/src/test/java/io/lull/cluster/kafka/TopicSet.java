package io.lull.cluster.kafka;

import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/** One set of Lull's topics on a broker: created, written to and read from. */
public final class TopicSet implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaConnection connection;
    private final Topics topics;
    private final KafkaProducer<String, byte[]> producer;

    private TopicSet(KafkaConnection connection, Topics topics) {
        this.connection = connection;
        this.topics = topics;
        Map<String, Object> settings = connection.clientSettings();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        this.producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    public static TopicSet create(String bootstrapServers, String prefix) throws IOException {
        KafkaConnection connection = KafkaConnection.plain(bootstrapServers);
        Topics topics = new Topics(prefix, Topics.DEFAULT.partitions());
        try (TopicAdmin admin = new TopicAdmin(connection, 1, LIMIT)) {
            admin.createMissing(topics);
        }
        return new TopicSet(connection, topics);
    }

    /** The version of the Kafka clients of this build. */
    public static String clientVersion() {
        return AppInfoParser.getVersion();
    }

    public Topics topics() {
        return topics;
    }

    /** Sends without waiting. */
    public void send(Topic topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic.name(), key, value));
    }

    /** Returns the partition, once the broker has the record. */
    public int sendAndWait(Topic topic, String key, byte[] value) throws ExecutionException, InterruptedException {
        return producer.send(new ProducerRecord<>(topic.name(), key, value))
                .get()
                .partition();
    }

    public void flush() {
        producer.flush();
    }

    /** Hands over each record's value as it comes, from the topic's beginning, until the thread is interrupted. */
    public Thread follow(Topic topic, Consumer<byte[]> taker) {
        Thread thread = new Thread(
                () -> {
                    try (KafkaConsumer<String, byte[]> consumer = consumerOf(topic)) {
                        while (!Thread.currentThread().isInterrupted()) {
                            consumer.poll(POLL).forEach(kafkaRecord -> taker.accept(kafkaRecord.value()));
                        }
                    } catch (org.apache.kafka.common.errors.InterruptException ended) {
                        Thread.currentThread().interrupt();
                    }
                },
                "follow-" + topic.name());
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** All values that stand in the topic now, in the order of each partition. */
    public List<byte[]> read(Topic topic) {
        List<byte[]> values = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = consumerOf(topic)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                for (ConsumerRecord<String, byte[]> kafkaRecord : consumer.poll(POLL)) {
                    values.add(kafkaRecord.value());
                }
            }
        }
        return values;
    }

    private KafkaConsumer<String, byte[]> consumerOf(Topic topic) {
        KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(connection.clientSettings(), new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
