package io.lull.local;

import io.lull.job.CheckpointSchedulingJob;
import io.lull.local.kafka.EmbeddedBroker;
import io.lull.local.kafka.RawTopics;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Broker, topics, mini cluster and job, for one test. */
final class JobOnBroker implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;

    private static final Duration TOPIC_LIMIT = Duration.ofSeconds(LIMIT_SECONDS);

    private final EmbeddedBroker broker;
    private final MiniCluster cluster;
    private final JobID job;
    private final Topics names;
    private final KafkaConnection connection;
    private Optional<RawTopics> topics = Optional.empty();

    private JobOnBroker(
            EmbeddedBroker broker, MiniCluster cluster, JobID job, Topics names, KafkaConnection connection) {
        this.broker = broker;
        this.cluster = cluster;
        this.job = job;
        this.names = names;
        this.connection = connection;
    }

    static JobOnBroker start(Path folder, Topics names) throws Exception {
        return start(folder, names, Map.of());
    }

    /** Starts the job with further options. */
    static JobOnBroker start(Path folder, Topics names, Map<String, String> options) throws Exception {
        EmbeddedBroker broker = startBroker(folder);
        return start(folder, broker, KafkaConnection.plain(broker.bootstrapServers()), names, options);
    }

    /** Starts the job on a broker that runs; topics are created, written and read by {@code connection}. */
    static JobOnBroker start(
            Path folder, EmbeddedBroker broker, KafkaConnection connection, Topics names, Map<String, String> options)
            throws Exception {
        createTopics(connection, names);
        JobOnBroker running = submit(folder, broker, connection, names, options);
        running.topics = Optional.of(running.open());
        return running;
    }

    /** Starts the job on a broker that has no topic yet; {@link #createTopics()} is still to come. */
    static JobOnBroker startWithoutTopics(Path folder, Topics names) throws Exception {
        EmbeddedBroker broker = startBroker(folder);
        return submit(folder, broker, KafkaConnection.plain(broker.bootstrapServers()), names, Map.of());
    }

    static EmbeddedBroker startBroker(Path folder) throws IOException {
        EmbeddedBroker broker = new EmbeddedBroker(folder.resolve("kafka"));
        broker.start();
        return broker;
    }

    static void createTopics(KafkaConnection connection, Topics names) throws IOException {
        try (TopicAdmin admin = new TopicAdmin(connection, 1, TOPIC_LIMIT)) {
            admin.createMissing(names);
        }
    }

    private static JobOnBroker submit(
            Path folder, EmbeddedBroker broker, KafkaConnection connection, Topics names, Map<String, String> options)
            throws Exception {
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(with(clusterSettings(), options))
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .build());
        cluster.start();
        Configuration settings = with(jobSettings(folder, broker.bootstrapServers()), options);
        JobGraph graph = CheckpointSchedulingJob.build(new StreamExecutionEnvironment(new Configuration()), settings)
                .getJobGraph();
        JobID job =
                cluster.submitJob(graph).get(LIMIT_SECONDS, TimeUnit.SECONDS).getJobID();
        return new JobOnBroker(broker, cluster, job, names, connection);
    }

    /** Creates the topics, after the job was started. */
    void createTopics() throws IOException {
        createTopics(connection, names);
        topics = Optional.of(open());
    }

    private RawTopics open() {
        List<String> read = List.of(
                names.commands().name(),
                names.decisions().name(),
                names.metrics().name(),
                names.rejected().name());
        return new RawTopics(connection, read);
    }

    private static Configuration with(Configuration settings, Map<String, String> options) {
        options.forEach(settings::setString);
        return settings;
    }

    private static Configuration clusterSettings() {
        Configuration settings = new Configuration();
        settings.setString("rest.port", "0");
        settings.setString("rest.bind-port", "0");
        settings.setString("rest.bind-address", "127.0.0.1");
        settings.setString("rest.address", "127.0.0.1");
        settings.setString("taskmanager.memory.managed.size", "16m");
        settings.setString("taskmanager.memory.network.min", "16m");
        settings.setString("taskmanager.memory.network.max", "16m");
        return settings;
    }

    private static Configuration jobSettings(Path folder, String bootstrapServers) {
        Configuration settings = new Configuration();
        settings.setString("lull.bootstrap-servers", bootstrapServers);
        settings.setString("lull.policy", "plover.idle");
        settings.setString("lull.placement", "JOB");
        settings.setString("parallelism.default", "1");
        settings.setString(
                "execution.checkpointing.dir", folder.resolve("flink").toUri().toString());
        settings.setString("restart-strategy.type", "fixed-delay");
        settings.setString("restart-strategy.fixed-delay.attempts", "1000");
        settings.setString("restart-strategy.fixed-delay.delay", "100 ms");
        return settings;
    }

    RawTopics topics() {
        return topics.orElseThrow();
    }

    EmbeddedBroker broker() {
        return broker;
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Takes a Flink checkpoint now. */
    void checkpoint() throws Exception {
        cluster.triggerCheckpoint(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends the task manager with all tasks, and starts another one. */
    void replaceTaskManager() throws Exception {
        endTaskManager();
        startTaskManager();
    }

    void endTaskManager() throws Exception {
        cluster.terminateTaskManager(0).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    void startTaskManager() throws Exception {
        cluster.startTaskManager();
    }

    JobStatus status() throws Exception {
        return cluster.getJobStatus(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** How often the job was restarted. */
    int restarts() throws Exception {
        return cluster.getExecutionGraph(job)
                .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                .getAllExecutionVertices()
                .iterator()
                .next()
                .getCurrentExecutionAttempt()
                .getAttemptNumber();
    }

    /** Asks again until {@code wanted} is so; fails after a minute. */
    void until(String what, Callable<Boolean> wanted) throws Exception {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!wanted.call()) {
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError("not within " + LIMIT_SECONDS + " s: " + what);
            }
        }
    }

    @Override
    public void close() throws Exception {
        topics.ifPresent(RawTopics::close);
        cluster.close();
        broker.close();
    }
}
