package io.lull.local.kafka;

import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobStatus;

/** The control plane in this JVM: a real Kafka broker with Lull's topics, and the job on a Flink MiniCluster. */
public final class ControlPlane implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final EmbeddedBroker broker;
    private final FlinkJob job;
    private final ControlAccess access;

    private ControlPlane(EmbeddedBroker broker, FlinkJob job) {
        this.broker = broker;
        this.job = job;
        this.access = new ControlAccess(broker.bootstrapServers());
    }

    /** Starts broker, topics and job; returns when the job runs. */
    public static ControlPlane start(Path folder) throws IOException {
        EmbeddedBroker broker = new EmbeddedBroker(folder.resolve("kafka"));
        broker.start();
        try {
            createTopics(broker.bootstrapServers());
            return new ControlPlane(broker, FlinkJob.start(folder.resolve("flink"), broker.bootstrapServers()));
        } catch (IOException | RuntimeException e) {
            broker.close();
            throw e;
        }
    }

    /** Makes Lull's topics where they are missing. */
    public static void createTopics(String bootstrap) throws IOException {
        try (TopicAdmin admin = new TopicAdmin(KafkaConnection.plain(bootstrap), 1, LIMIT)) {
            admin.createMissing(Topics.DEFAULT);
        }
    }

    /** The way in for whoever uses it. */
    public ControlAccess access() {
        return access;
    }

    /** Stops the broker; its data and its port stay. */
    public void stopBroker() {
        broker.stop();
    }

    /** Starts the broker again. */
    public void startBroker() throws IOException {
        broker.start();
    }

    /** What Flink says of the job. */
    public JobStatus jobStatus() throws IOException {
        return job.status();
    }

    @Override
    public void close() {
        access.close();
        job.close();
        broker.close();
    }
}
