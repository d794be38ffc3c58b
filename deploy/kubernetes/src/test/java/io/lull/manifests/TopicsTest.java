package io.lull.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The topics of the manifests are those of {@link Topics}. */
class TopicsTest {
    private record Created(String name, int partitions, Map<String, String> config) {
        private static Created of(Topic topic) {
            return new Created(topic.name(), topic.partitions(), topic.config());
        }

        private static Created of(JsonNode manifest) {
            Map<String, String> config = new HashMap<>();
            manifest.at("/spec/config")
                    .properties()
                    .forEach(
                            entry -> config.put(entry.getKey(), entry.getValue().asText()));
            return new Created(
                    manifest.at("/metadata/name").asText(),
                    manifest.at("/spec/partitions").asInt(),
                    config);
        }

        /** A line {@code topic NAME PARTITIONS KEY=VALUE...} of the script. */
        private static Created of(String line) {
            String[] words = line.split(" ", -1);
            Map<String, String> config = new HashMap<>();
            for (int i = 3; i < words.length; i++) {
                String[] setting = words[i].split("=", 2);
                // Kafka's own tool takes a list in brackets.
                config.put(setting[0], setting[1].replaceAll("[\\[\\]]", ""));
            }
            return new Created(words[1], Integer.parseInt(words[2]), config);
        }
    }

    private static List<Created> wanted() {
        return Topics.DEFAULT.all().stream().map(Created::of).toList();
    }

    @Test
    void ofKubernetesAreTheTopicsOfLull() throws Exception {
        assertThat(Manifests.ofKind("KafkaTopic").stream().map(Created::of).toList())
                .containsExactlyInAnyOrderElementsOf(wanted());
    }

    @Test
    void ofKubernetesSurviveTheLossOfOneNode() throws Exception {
        assertThat(Manifests.ofKind("KafkaTopic"))
                .allMatch(topic -> topic.at("/spec/replicas").asInt() == 3);
    }

    @Test
    void ofComposeAreTheTopicsOfLull() throws Exception {
        try (var lines = Files.lines(Manifests.DOCKER.resolve("topics.sh"))) {
            assertThat(lines.filter(line -> line.startsWith("topic lull."))
                            .map(Created::of)
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(wanted());
        }
    }
}
