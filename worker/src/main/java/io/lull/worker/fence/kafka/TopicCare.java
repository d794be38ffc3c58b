package io.lull.worker.fence.kafka;

import io.lull.schemas.topic.Topic;
import io.lull.worker.fence.FenceException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the fence's topic keeps what is written to it. One that forgets by its own settings is refused; one that only a
 * lost broker would make forget is warned of, once.
 */
final class TopicCare {
    private static final Logger LOG = LoggerFactory.getLogger(TopicCare.class);
    private static final int SAFE_REPLICAS = 3;
    private static final int SAFE_IN_SYNC = 2;

    private final Topic topic;
    private final AtomicBoolean warned = new AtomicBoolean();

    TopicCare(Topic topic) {
        this.topic = topic;
    }

    /** Asks for the topic as it is now; the answers come while its asker does something else. */
    Look look(Admin admin) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        return new Look(
                Objects.requireNonNull(admin.describeTopics(List.of(topic.name()))
                        .topicNameValues()
                        .get(topic.name())),
                Objects.requireNonNull(
                        admin.describeConfigs(List.of(resource)).values().get(resource)));
    }

    /** What was asked of the broker. */
    record Look(KafkaFuture<TopicDescription> description, KafkaFuture<Config> config) {}

    /**
     * Judges the answers, and waits for them.
     *
     * @throws FenceException when the topic isn't there or forgets
     */
    void check(Look look) throws FenceException {
        TopicDescription description = FenceTopic.answer(
                look.description(),
                "topic " + topic.name() + " can't be described (`lull topics --create` creates it)");
        Config config = FenceTopic.answer(look.config(), "the settings of " + topic.name() + " can't be read");
        if (description.partitions().size() != topic.partitions()) {
            throw refused("has " + description.partitions().size() + " partitions, must have " + topic.partitions());
        }
        for (String name : List.of("cleanup.policy", "unclean.leader.election.enable")) {
            String wanted = String.valueOf(topic.config().get(name));
            if (!value(config, name).equals(wanted)) {
                throw refused("has " + name + "=" + value(config, name) + ", must have " + wanted);
            }
        }
        int replicas = description.partitions().get(0).replicas().size();
        String inSync = value(config, "min.insync.replicas");
        if ((replicas < SAFE_REPLICAS || inSync.equals("1")) && !warned.getAndSet(true)) {
            LOG.warn(
                    "{} has {} replicas and min.insync.replicas={}: the loss of a broker may lose who may release a VM's"
                            + " output; have at least {} and {}",
                    topic.name(),
                    replicas,
                    inSync,
                    SAFE_REPLICAS,
                    SAFE_IN_SYNC);
        }
    }

    private FenceException refused(String what) {
        return new FenceException(
                "topic " + topic.name() + " " + what + ", else it forgets who may release a VM's output: nothing is"
                        + " granted; alter the topic",
                false,
                null);
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "unknown" : entry.value();
    }
}
