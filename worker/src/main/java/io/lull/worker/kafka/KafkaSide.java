package io.lull.worker.kafka;

import io.lull.policy.ReplicationEvent;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.fence.FenceRecord;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.PublishRefusedException;
import io.lull.producer.kafka.PublisherLimits;
import io.lull.producer.kafka.PublisherStats;
import io.lull.producer.kafka.TelemetryPublisher;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.worker.config.ClientProperties;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.KafkaConfig;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import io.lull.worker.fence.kafka.KafkaFence;
import io.lull.worker.primary.Reporting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker's two directions to Kafka: what it reports, and what it is told. */
public final class KafkaSide implements Reporting, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSide.class);

    private static final Duration KAFKA_LIMIT = Duration.ofSeconds(15);

    private final KafkaConnection connection;
    private final Topics topics;
    private final TelemetryPublisher publisher;
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicBoolean refusedBefore = new AtomicBoolean();
    private Optional<CommandSource> commands = Optional.empty();

    KafkaSide(KafkaConnection connection, Topics topics, PublisherLimits limits) {
        this.connection = connection;
        this.topics = topics;
        this.publisher =
                new TelemetryPublisher(connection, topics, limits, System::nanoTime, alarm -> LOG.error("{}", alarm));
    }

    /**
     * Connects and checks the topics.
     *
     * @throws IOException when Kafka can't be reached or its topics are not as they must be; one line
     * @throws ConfigException when the client settings can't be read
     */
    public static KafkaSide connect(KafkaConfig config) throws IOException, ConfigException {
        Map<String, String> settings = config.clientProperties().isBlank()
                ? Map.of()
                : ClientProperties.read(Path.of(config.clientProperties()));
        KafkaConnection connection = new KafkaConnection(config.bootstrap(), settings);
        Topics topics = new Topics(config.topicPrefix(), Topics.DEFAULT.partitions());
        try (TopicAdmin admin = new TopicAdmin(connection, 1, KAFKA_LIMIT)) {
            List<String> differences = admin.check(topics);
            if (!differences.isEmpty()) {
                throw new IOException("the topics are not as Lull needs them: " + String.join("; ", differences));
            }
        }
        return new KafkaSide(connection, topics, PublisherLimits.DEFAULT);
    }

    /** Begins to hand on the commands for a VM; called from a thread of its own. */
    public void follow(VmId vm, Consumer<WorkerCommand> taker) {
        CommandSource source =
                new CommandSource(connection, topics, vm, Clock.systemUTC(), new CommandSource.Listener() {
                    @Override
                    public void command(WorkerCommand command) {
                        taker.accept(command);
                    }

                    @Override
                    public void rejected(BadRecordException why) {
                        if (rejected.incrementAndGet() == 1) {
                            LOG.warn(
                                    "a record on {} is no command: {}; further ones are only counted",
                                    topics.commands().name(),
                                    why.getMessage());
                        }
                    }

                    @Override
                    public void trouble(String why) {
                        LOG.warn("{}", why);
                    }
                });
        source.start();
        commands = Optional.of(source);
    }

    /**
     * The fence of a VM, with what it says now read once, and kept ready for claims.
     *
     * @throws FenceException when the topic can't be read, or isn't as it must be
     */
    public Fence fence(VmId vm) throws FenceException, InterruptedException {
        KafkaFence fence = new KafkaFence(connection, topics.fence(), vm, Clock.systemUTC());
        LOG.info(
                "the fence of VM {}: {}",
                vm,
                fence.look().map(FenceRecord::text).orElse("no record"));
        fence.keepReady();
        return fence;
    }

    @Override
    public void telemetry(VmSample sample, long mayWaitNanos) {
        publisher.publish(sample, Duration.ofNanos(mayWaitNanos));
    }

    @Override
    public void report(EpochReport report) {
        unlessTooManyWait(() -> publisher.publish(report));
    }

    @Override
    public void event(ReplicationEvent event) {
        unlessTooManyWait(() -> publisher.publish(event));
    }

    /** Kafka may be gone for any time: what it is told of a VM's protection must never cost the protection. */
    private void unlessTooManyWait(Runnable publish) {
        try {
            publish.run();
        } catch (PublishRefusedException e) {
            if (!refusedBefore.getAndSet(true)) {
                LOG.error("{}; further ones are only counted, and the VM stays protected", e.getMessage());
            }
        }
    }

    /** What became of what went both ways. */
    public KafkaStatus status() {
        PublisherStats stats = publisher.stats();
        return new KafkaStatus(
                stats.telemetryDropped(),
                stats.durableWaiting(),
                stats.durableRefused() + stats.durableLost(),
                rejected.get());
    }

    @Override
    public void close() {
        commands.ifPresent(source -> {
            try {
                source.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        publisher.close();
    }
}
