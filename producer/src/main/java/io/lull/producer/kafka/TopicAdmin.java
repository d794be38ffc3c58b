package io.lull.producer.kafka;

import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that are missing and checks those that are there; it changes none. */
public final class TopicAdmin implements AutoCloseable {
    /** A limit for answers that a broker under load keeps too. */
    public static final Duration DEFAULT_LIMIT = Duration.ofSeconds(15);

    private final KafkaConnection connection;
    private final short replicas;
    private final Duration limit;
    private final Admin admin;

    /**
     * An admin client.
     *
     * @param replicas of a topic that is created; 1 on a single broker
     * @param limit how long to wait for an answer
     */
    public TopicAdmin(KafkaConnection connection, int replicas, Duration limit) {
        this.limit = limit;
        this.connection = connection;
        this.replicas = (short) replicas;
        Map<String, Object> settings = connection.clientSettings();
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) limit.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) limit.toMillis());
        this.admin = Admin.create(settings);
    }

    /**
     * Creates the topics that are missing.
     *
     * @return their names
     * @throws IOException in one line, when Kafka can't be reached or refuses
     */
    public List<String> createMissing(Topics topics) throws IOException {
        Set<String> there =
                await("the topics can't be listed", admin.listTopics().names());
        List<String> created = new ArrayList<>();
        for (Topic topic : topics.all()) {
            if (!there.contains(topic.name()) && create(topic)) {
                created.add(topic.name());
            }
        }
        return created;
    }

    /**
     * Compares the topics with what they should be.
     *
     * @return one line for each difference; none when all is well
     * @throws IOException in one line, when Kafka can't be reached or refuses
     */
    public List<String> check(Topics topics) throws IOException {
        Set<String> there =
                await("the topics can't be listed", admin.listTopics().names());
        List<String> differences = new ArrayList<>();
        List<Topic> existing = new ArrayList<>();
        for (Topic topic : topics.all()) {
            if (there.contains(topic.name())) {
                existing.add(topic);
            } else {
                differences.add("topic " + topic.name() + " is missing; create it");
            }
        }
        Map<String, TopicDescription> descriptions = await(
                "the topics can't be described",
                admin.describeTopics(names(existing)).allTopicNames());
        Map<ConfigResource, Config> configs = await(
                "the topics' settings can't be read",
                admin.describeConfigs(
                                existing.stream().map(TopicAdmin::resource).toList())
                        .all());
        for (Topic topic : existing) {
            compare(topic, descriptions, configs, differences);
        }
        return differences;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private boolean create(Topic topic) throws IOException {
        NewTopic wanted = new NewTopic(topic.name(), topic.partitions(), replicas).configs(topic.config());
        try {
            await(
                    "topic " + topic.name() + " can't be created",
                    admin.createTopics(List.of(wanted)).all());
            return true;
        } catch (IOException e) {
            // Another host was faster.
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    private static void compare(
            Topic topic,
            Map<String, TopicDescription> descriptions,
            Map<ConfigResource, Config> configs,
            List<String> differences) {
        TopicDescription description = descriptions.get(topic.name());
        int partitions = description == null ? 0 : description.partitions().size();
        if (partitions != topic.partitions()) {
            differences.add("topic " + topic.name() + " has " + partitions + " partitions, must have "
                    + topic.partitions() + ", which is fixed: delete it and have it created anew"
                    + (isKept(topic)
                            ? ", once no worker runs: what it says, of the fence who may speak, is forgotten then"
                            : ""));
        }
        Config config = configs.get(resource(topic));
        topic.config().forEach((key, wanted) -> {
            ConfigEntry entry = config == null ? null : config.get(key);
            String is = entry == null ? "unknown" : String.valueOf(entry.value());
            if (!is.equals(wanted)) {
                differences.add("topic " + topic.name() + " has " + key + "=" + is + ", should be " + wanted
                        + "; alter the topic");
            }
        });
    }

    /** Whether its last word on each key stays. */
    private static boolean isKept(Topic topic) {
        return "compact".equals(topic.config().get(TopicConfig.CLEANUP_POLICY_CONFIG));
    }

    private static Collection<String> names(List<Topic> topics) {
        return topics.stream().map(Topic::name).toList();
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private <T> T await(String failed, KafkaFuture<T> answer) throws IOException {
        try {
            return answer.get(2 * limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw unreachable(failed, cause);
            }
            throw new IOException(failed + ": " + (cause == null ? e : cause).getMessage(), cause);
        } catch (TimeoutException e) {
            throw unreachable(failed, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(failed + ": interrupted", e);
        }
    }

    private IOException unreachable(String failed, Throwable cause) {
        return new IOException(
                failed + ": Kafka at " + connection.bootstrapServers() + " doesn't answer within " + limit.toSeconds()
                        + " s; start it, or correct the bootstrap servers",
                cause);
    }
}
