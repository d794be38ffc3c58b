package io.lull.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is Kubernetes' own against its client's classes; and that each document is some test's. */
class KubernetesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Class<?>> KINDS = Map.of(
            "v1/Namespace", Namespace.class,
            "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
            "v1/ServiceAccount", ServiceAccount.class,
            "rbac.authorization.k8s.io/v1/Role", Role.class,
            "rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class);
    private static final Set<String> VERBS =
            Set.of("create", "get", "list", "watch", "update", "patch", "delete", "deletecollection");

    private static String kind(JsonNode document) {
        return document.path("apiVersion").asText() + "/"
                + document.path("kind").asText();
    }

    private static List<String> errorsOf(JsonNode document) {
        Class<?> kind = KINDS.get(kind(document));
        if (kind == null) {
            return List.of("no such kind: " + kind(document));
        }
        try {
            Object read = JSON.treeToValue(document, kind);
            List<String> errors = new ArrayList<>(UnknownFields.of(read));
            if (read instanceof Role role) {
                role.getRules().forEach(rule -> rule.getVerbs().stream()
                        .filter(verb -> !VERBS.contains(verb))
                        .forEach(verb -> errors.add("no such verb: " + verb)));
            }
            return errors;
        } catch (JsonProcessingException e) {
            return List.of(String.valueOf(e.getOriginalMessage()));
        }
    }

    private static List<JsonNode> own() throws Exception {
        return Manifests.all().stream()
                .filter(document ->
                        !document.path("apiVersion").asText().matches("(kafka.strimzi.io|flink.apache.org)/v.*"))
                .toList();
    }

    @Test
    void takesEveryDocumentThatIsNeitherStrimzisNorFlinks() throws Exception {
        List<JsonNode> own = own();

        assertThat(own).hasSizeGreaterThanOrEqualTo(KINDS.size());
        for (JsonNode document : own) {
            assertThat(errorsOf(document)).as(document.toString()).isEmpty();
        }
    }

    @Test
    void theJobRunsUnderAnAccountThatIsThereAndBoundToItsRole() throws Exception {
        String account = Manifests.ofKind("FlinkDeployment")
                .get(0)
                .at("/spec/serviceAccount")
                .asText();
        JsonNode binding = Manifests.ofKind("RoleBinding").get(0);

        assertThat(Manifests.ofKind("ServiceAccount"))
                .extracting(each -> each.at("/metadata/name").asText())
                .containsExactly(account);
        assertThat(binding.at("/subjects/0/name").asText()).isEqualTo(account);
        assertThat(Manifests.ofKind("Role"))
                .extracting(each -> each.at("/metadata/name").asText())
                .containsExactly(binding.at("/roleRef/name").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "access.yaml|roleRef:|roleReference:",
                "access.yaml|subjects:|subject:",
                "access.yaml|watch, update|watch, updat",
                "access.yaml|kind: ServiceAccount|kind: ServiceAcount",
                "access.yaml|apiVersion: rbac.authorization.k8s.io/v1|apiVersion: rbac.authorization.k8s.io/v2",
                "flink.yaml|accessModes: [ReadWriteMany]|accessMode: [ReadWriteMany]",
                "namespace.yaml|name: lull|nam: lull"
            })
    void aMistakeIsFound(String file, String right, String wrong) throws Exception {
        String text = Files.readString(Manifests.KUBERNETES.resolve(file));
        String seeded = text.replace(right, wrong);

        assertThat(seeded).as("the mistake is made").isNotEqualTo(text);
        boolean found = false;
        for (String document : seeded.split("(?m)^---$")) {
            JsonNode parsed = Manifests.parse(document);
            found |= !kind(parsed).startsWith("flink.apache.org/")
                    && !errorsOf(parsed).isEmpty();
        }
        assertThat(found).isTrue();
    }
}
