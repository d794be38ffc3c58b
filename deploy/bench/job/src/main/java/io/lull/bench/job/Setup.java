package io.lull.bench.job;

import io.lull.bench.job.kafka.BrokerMain;
import io.lull.bench.job.kafka.TickTimes;
import io.lull.bench.job.process.ChildJvm;
import io.lull.bench.job.process.ChildLoop;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What all benchmarks stand on: a folder, a broker as a process of its own, topics. */
final class Setup implements AutoCloseable {
    private static final Duration TOPIC_LIMIT = Duration.ofSeconds(60);
    private static final List<String> BROKER_FLAGS = List.of("-Xmx512m", "-XX:+UseParallelGC", "-XX:-UsePerfData");

    private final Path folder;
    private final ChildJvm broker;
    private final KafkaConnection connection;
    private final List<String> contenderFlags;

    private Setup(Path folder, List<String> contenderFlags, ChildJvm broker, KafkaConnection connection) {
        this.folder = folder;
        this.contenderFlags = List.copyOf(contenderFlags);
        this.broker = broker;
        this.connection = connection;
    }

    /**
     * Starts the broker.
     *
     * @param contenderFlags further flags of the JVMs of contenders
     */
    static Setup start(Path folder, List<String> contenderFlags) throws IOException {
        ChildJvm broker = ChildJvm.start(
                "broker",
                BrokerMain.class,
                BROKER_FLAGS,
                List.of(folder.resolve("kafka").toString()),
                folder);
        return new Setup(folder, contenderFlags, broker, KafkaConnection.plain(broker.await(ChildLoop.READY)));
    }

    Path folder() {
        return folder;
    }

    List<String> contenderFlags() {
        return contenderFlags;
    }

    KafkaConnection connection() {
        return connection;
    }

    /** Topics of their own for a contender. */
    Topics topics(String prefix) throws IOException {
        Topics topics = new Topics(prefix, Topics.DEFAULT.partitions());
        try (TopicAdmin admin = new TopicAdmin(connection, 1, TOPIC_LIMIT)) {
            admin.createMissing(topics);
        }
        return topics;
    }

    /** The same, for a backlog whose ticks keep their times. */
    Topics replayedTopics(String prefix) throws IOException {
        Topics topics = topics(prefix);
        try {
            TickTimes.keep(connection, topics.telemetry());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return topics;
    }

    @Override
    public void close() {
        broker.close();
    }
}
