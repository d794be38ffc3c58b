package io.lull.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the Kafka users of the manifests may do, and may not. */
class UsersTest {
    private static final Topics TOPICS = Topics.DEFAULT;

    /** Names of the users that may do {@code operation} on {@code topic}. */
    private static Set<String> allowed(String operation, Topic topic) throws Exception {
        Set<String> names = new TreeSet<>();
        for (JsonNode user : Manifests.ofKind("KafkaUser")) {
            for (JsonNode rule : user.at("/spec/authorization/acls")) {
                if (names(rule.path("resource"), topic.name()) && words(rule).contains(operation)) {
                    names.add(user.at("/metadata/name").asText());
                }
            }
        }
        return names;
    }

    private static boolean names(JsonNode resource, String topic) {
        String name = resource.path("name").asText();
        return resource.path("type").asText().equals("topic")
                && (resource.path("patternType").asText().equals("prefix")
                        ? topic.startsWith(name)
                        : topic.equals(name));
    }

    private static List<String> words(JsonNode rule) {
        List<String> words = new ArrayList<>();
        rule.path("operations").forEach(operation -> words.add(operation.asText()));
        return words;
    }

    @Test
    void onlyTheJobWritesCommandsDecisionsMetricsAndWhatItRejects() throws Exception {
        for (Topic topic : List.of(TOPICS.commands(), TOPICS.decisions(), TOPICS.metrics(), TOPICS.rejected())) {
            assertThat(allowed("Write", topic)).as(topic.name()).containsExactly("lull-job");
        }
    }

    @Test
    void onlyOperatorsWriteIntents() throws Exception {
        assertThat(allowed("Write", TOPICS.intents())).containsExactly("lull-operator");
    }

    @Test
    void onlyWorkersAndOperatorsWriteTheFence() throws Exception {
        assertThat(allowed("Write", TOPICS.fence())).containsExactly("lull-operator", "lull-worker");
    }

    @Test
    void probesAndWorkersWriteWhatTheyMeasureAndReport() throws Exception {
        assertThat(allowed("Write", TOPICS.telemetry())).containsExactly("lull-probe", "lull-worker");
        assertThat(allowed("Write", TOPICS.epochs())).containsExactly("lull-worker");
        assertThat(allowed("Write", TOPICS.events())).containsExactly("lull-worker");
    }

    @Test
    void aWorkerReadsCommandsAndTheFenceAndNothingElseAndAProbeReadsNothing() throws Exception {
        for (Topic topic : TOPICS.all()) {
            assertThat(allowed("Read", topic)).as(topic.name()).doesNotContain("lull-probe");
            if (!topic.equals(TOPICS.commands()) && !topic.equals(TOPICS.fence())) {
                assertThat(allowed("Read", topic)).as(topic.name()).doesNotContain("lull-worker");
            }
        }
        assertThat(allowed("Read", TOPICS.commands())).contains("lull-worker");
        assertThat(allowed("Read", TOPICS.fence())).contains("lull-worker");
    }

    @Test
    void nobodyMayDoEverythingOrChangeATopicOrReachBeyondLull() throws Exception {
        for (JsonNode user : Manifests.ofKind("KafkaUser")) {
            for (JsonNode rule : user.at("/spec/authorization/acls")) {
                assertThat(words(rule))
                        .as(user.at("/metadata/name") + " " + rule)
                        .isNotEmpty()
                        .isSubsetOf("Read", "Write", "Describe", "DescribeConfigs");
                assertThat(rule.at("/resource/type").asText()).isIn("topic", "group", "transactionalId");
                assertThat(rule.at("/resource/name").asText()).matches("lull[.-].*");
            }
        }
    }
}
