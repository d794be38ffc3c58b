package io.lull.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The job's manifest against the schema that the Flink operator brings. */
class FlinkDeploymentTest {
    private static final String DEFINITION = "META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml";

    private static CrdSchema schema() throws IOException {
        try (InputStream in = FlinkDeploymentTest.class.getClassLoader().getResourceAsStream(DEFINITION)) {
            String text = new String(
                    Objects.requireNonNull(in, "the operator's artifact has no " + DEFINITION)
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            return CrdSchema.of(Manifests.parse(text), "v1beta1");
        }
    }

    private static List<String> errorsOf(JsonNode deployment) throws IOException {
        return schema().errorsOf(deployment).stream()
                // The newest operator on Central knows Flink up to 1.20; README.md says which one is needed.
                .filter(error -> !error.startsWith("spec.flinkVersion: \"v2_3\" is none of"))
                .toList();
    }

    @Test
    void isAsTheOperatorWantsIt() throws Exception {
        List<JsonNode> deployments = Manifests.ofKind("FlinkDeployment");

        assertThat(deployments).hasSize(1);
        assertThat(errorsOf(deployments.get(0))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "  taskManager:|  taskManagers:|spec.taskManagers: no such field",
                "upgradeMode: savepoint|upgradeMode: savepiont|spec.job.upgradeMode",
                "parallelism: 2|parallelism: two|spec.job.parallelism: integer is wanted",
                "flinkVersion: v2_3|flinkVersion: v2.3|spec.flinkVersion",
                "mountPath: /flink-state|mountPaht: /flink-state|mountPaht: no such field",
                "secretName: lull-job|secretNam: lull-job|secretNam: no such field",
                "runAsNonRoot: true|runAsNonRoot: 'yes'|runAsNonRoot: boolean is wanted",
            })
    void aMistakeIsFound(String right, String wrong, String error) throws Exception {
        String text = Files.readString(Manifests.KUBERNETES.resolve("flink.yaml"));
        String seeded = text.replace(right, wrong);

        assertThat(seeded).as("the mistake is made").isNotEqualTo(text);
        JsonNode deployment = Manifests.parse(seeded.substring(seeded.indexOf("apiVersion: flink.apache.org")));
        assertThat(errorsOf(deployment)).anyMatch(line -> line.contains(error));
    }
}
