package io.lull.local.kafka;

import io.lull.job.CheckpointSchedulingJob;
import io.lull.job.JobOptions;
import io.lull.policy.OperatorIntent;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.PublisherLimits;
import io.lull.producer.kafka.TelemetryPublisher;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import io.lull.worker.kafka.TopicTails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The control plane in this JVM: a real Kafka broker with Lull's topics, and the job on a Flink MiniCluster. */
public final class ControlPlane implements AutoCloseable {
    private static final long RUNNING_LIMIT_MILLIS = 60_000;
    private static final long POLL_MILLIS = 50;
    private static final long CANCEL_LIMIT_SECONDS = 10;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final EmbeddedBroker broker;
    private final MiniCluster cluster;
    private final JobID job;
    private final TelemetryPublisher publisher;

    private ControlPlane(EmbeddedBroker broker, MiniCluster cluster, JobID job) {
        this.broker = broker;
        this.cluster = cluster;
        this.job = job;
        this.publisher = new TelemetryPublisher(
                connection(), Topics.DEFAULT, PublisherLimits.DEFAULT, System::nanoTime, System.err::println);
    }

    /** Starts broker, topics and job; returns when the job runs. */
    public static ControlPlane start(Path folder) throws IOException {
        EmbeddedBroker broker = new EmbeddedBroker(folder.resolve("kafka"));
        broker.start();
        try (TopicAdmin admin = new TopicAdmin(KafkaConnection.plain(broker.bootstrapServers()), 1, LIMIT)) {
            admin.createMissing(Topics.DEFAULT);
        }
        try {
            Files.createDirectories(folder.resolve("flink"));
            MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                    .setConfiguration(flink(folder.resolve("flink")))
                    .setNumTaskManagers(1)
                    .setNumSlotsPerTaskManager(2)
                    .build());
            cluster.start();
            JobID job = submit(cluster, broker.bootstrapServers());
            awaitRunning(cluster, job);
            return new ControlPlane(broker, cluster, job);
        } catch (Exception e) {
            broker.close();
            throw new IOException("the job could not be started: " + e.getMessage(), e);
        }
    }

    /** @param folder for Flink's own files, which would otherwise lie and stay among everybody's temporary ones */
    private static Configuration flink(Path folder) {
        Configuration flink = new Configuration();
        flink.set(CoreOptions.TMP_DIRS, folder.toString());
        flink.set(WebOptions.TMP_DIR, folder.toString());
        flink.set(RestOptions.PORT, 0);
        flink.set(RestOptions.BIND_PORT, "0");
        flink.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        flink.set(RestOptions.ADDRESS, "127.0.0.1");
        flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
        flink.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
        flink.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
        return flink;
    }

    private static JobID submit(MiniCluster cluster, String bootstrap) throws InterruptedException, ExecutionException {
        Configuration options = new Configuration();
        options.set(JobOptions.BOOTSTRAP_SERVERS, bootstrap);
        options.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(options);
        return cluster.submitJob(CheckpointSchedulingJob.build(env, options).getJobGraph())
                .get()
                .getJobID();
    }

    private static void awaitRunning(MiniCluster cluster, JobID job) throws Exception {
        long endNanos = System.nanoTime() + RUNNING_LIMIT_MILLIS * 1_000_000;
        while (cluster.getJobStatus(job).get() != JobStatus.RUNNING) {
            if (System.nanoTime() > endNanos) {
                throw new IOException("the job does not run after " + RUNNING_LIMIT_MILLIS + " ms: it is "
                        + cluster.getJobStatus(job).get());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    public KafkaConnection connection() {
        return KafkaConnection.plain(broker.bootstrapServers());
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Readers of the topics. */
    public TopicTails tails() {
        return new TopicTails(connection(), Topics.DEFAULT, Clock.systemUTC());
    }

    /** Says what an operator wants. */
    public void intend(OperatorIntent intent) {
        publisher.publish(intent);
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
        try {
            return cluster.getJobStatus(job).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("Flink does not know the job: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        publisher.close();
        try {
            cluster.cancelJob(job).get();
            cluster.requestJobResult(job).get(CANCEL_LIMIT_SECONDS, TimeUnit.SECONDS);
            cluster.close();
        } catch (Exception e) {
            System.err.println("closing Flink: " + e.getMessage());
        }
        broker.close();
    }
}
