package io.lull.bench.job.kafka.streams;

import io.lull.bench.job.kafka.Replay;
import io.lull.bench.job.process.ChildLoop;
import io.lull.policy.CheckpointPolicy;
import io.lull.policy.PolicyState;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.schemas.topic.Topics;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Kafka Streams as a process of its own: state in memory, with changelogs, flushed and committed each second; one thread,
 * as the job has one slot; output sent at once.
 */
public final class StreamsMain {
    private static final long COMMIT_MILLIS = 1000;
    private static final long CACHE_BYTES = 256L << 20;

    private StreamsMain() {}

    public static void main(String[] arguments) throws Exception {
        StreamsOptions options = StreamsOptions.of(arguments);
        CheckpointPolicy<?> policy = PolicyRegistry.standard().named(options.get("lull.policy"));
        CountDownLatch running = new CountDownLatch(1);
        try (KafkaStreams streams = new KafkaStreams(topology(policy, options), settings(options))) {
            streams.setStateListener((now, before) -> {
                if (now == KafkaStreams.State.RUNNING) {
                    running.countDown();
                }
            });
            streams.start();
            running.await();
            new ChildLoop()
                    .on("open", () -> {
                        Replay.open();
                        return "OPEN";
                    })
                    .on("shut", () -> {
                        Replay.shut();
                        return "SHUT";
                    })
                    .run("streams");
        }
        System.exit(0);
    }

    private static <S extends PolicyState> Topology topology(CheckpointPolicy<S> policy, StreamsOptions options) {
        Topics topics = new Topics(options.get("topic-prefix"), Topics.DEFAULT.partitions());
        String vm = "vm";
        return new Topology()
                .addSource(
                        "telemetry",
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.telemetry().name())
                .addProcessor(vm, () -> new VmProcessor<>(policy, options), "telemetry")
                .addStateStore(store(VmProcessor.VMS, VmMemory.class), vm)
                .addStateStore(store(VmProcessor.POLICY, policy.stateType()), vm)
                .addSink(VmProcessor.COMMANDS, topics.commands().name(), bytes(), bytes(), vm)
                .addSink(VmProcessor.DECISIONS, topics.decisions().name(), bytes(), bytes(), vm)
                .addSink(VmProcessor.METRICS, topics.metrics().name(), bytes(), bytes(), vm);
    }

    /** The cache makes one write to the changelog of many to the same VM between two commits. */
    private static <T> StoreBuilder<?> store(String name, Class<T> type) {
        Serde<T> serde = PojoSerde.of(type);
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), serde)
                .withCachingEnabled()
                .withLoggingEnabled(Map.of());
    }

    private static ByteArraySerializer bytes() {
        return new ByteArraySerializer();
    }

    private static Properties settings(StreamsOptions options) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, options.get("group"));
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.get("bootstrap-servers"));
        settings.put(StreamsConfig.STATE_DIR_CONFIG, options.get("state-dir"));
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MILLIS);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "latest");
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), "0");
        options.ofKafka().forEach((name, value) -> settings.put(StreamsConfig.mainConsumerPrefix(name), value));
        return settings;
    }
}
