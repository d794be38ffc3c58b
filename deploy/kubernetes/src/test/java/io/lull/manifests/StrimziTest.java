package io.lull.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written for Strimzi against Strimzi's own classes. */
class StrimziTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_INVALID_SUBTYPE);
    private static final Map<String, Class<?>> KINDS = Map.of(
            "Kafka",
            Kafka.class,
            "KafkaNodePool",
            KafkaNodePool.class,
            "KafkaTopic",
            KafkaTopic.class,
            "KafkaUser",
            KafkaUser.class);

    private static List<String> errorsOf(JsonNode document) {
        Class<?> kind = KINDS.get(document.path("kind").asText());
        if (kind == null) {
            return List.of("kind: Strimzi has no " + document.path("kind"));
        }
        if (!document.path("apiVersion").asText().equals("kafka.strimzi.io/v1")) {
            return List.of("apiVersion: " + document.path("apiVersion"));
        }
        try {
            Object read = JSON.treeToValue(document, kind);
            List<String> errors = new ArrayList<>(UnknownFields.of(read));
            LostValues.look(document.path("spec"), JSON.valueToTree(read).path("spec"), "spec", errors);
            return errors;
        } catch (JsonProcessingException e) {
            return List.of(String.valueOf(e.getOriginalMessage()));
        }
    }

    @Test
    void takesEveryResource() throws Exception {
        List<JsonNode> resources = Manifests.all().stream()
                .filter(document -> document.path("apiVersion").asText().startsWith("kafka.strimzi.io/"))
                .toList();

        assertThat(resources).hasSizeGreaterThan(10);
        for (JsonNode resource : resources) {
            assertThat(errorsOf(resource)).as(resource.toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka.yaml|tls: true|tlss: true",
                "kafka.yaml|type: nodeport|type: nodeprot",
                "kafka.yaml|replicas: 3|replicas: three",
                "kafka.yaml|roles: [controller, broker]|roles: [controler, broker]",
                "kafka.yaml|kraftMetadata: shared|kraftMetadat: shared",
                "kafka.yaml|topicOperator: {}|topicOperater: {}",
                "topics.yaml|partitions: 4|partitons: 4",
                "topics.yaml|apiVersion: kafka.strimzi.io/v1|apiVersion: kafka.strimzi.io/v2",
                "users.yaml|patternType: prefix|patternTyp: prefix",
                "users.yaml|patternType: prefix|patternType: prefixed",
                "users.yaml|operations: [Describe, Write]|operations: [Describe, Wirte]",
                "users.yaml|acls:|acl:",
            })
    void aMistakeIsFound(String file, String right, String wrong) throws Exception {
        String text = Files.readString(Manifests.KUBERNETES.resolve(file));
        String seeded = text.replaceFirst(Pattern.quote(right), wrong);

        assertThat(seeded).as("the mistake is made").isNotEqualTo(text);
        boolean found = false;
        for (String document : seeded.split("(?m)^---$")) {
            found |= !errorsOf(Manifests.parse(document)).isEmpty();
        }
        assertThat(found).isTrue();
    }
}
