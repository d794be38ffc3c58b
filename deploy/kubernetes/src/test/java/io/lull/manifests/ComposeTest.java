package io.lull.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code compose.yaml} against the schema of compose files, and against this repository. */
class ComposeTest {
    private static final Path FILE = Manifests.DOCKER.resolve("compose.yaml");
    private static final Path ROOT = Manifests.DOCKER.resolve("../..").normalize();

    private static List<String> errorsOf(JsonNode compose) throws IOException {
        try (InputStream in = ComposeTest.class.getResourceAsStream("/compose-spec.json")) {
            JsonNode text = new ObjectMapper().readTree(Objects.requireNonNull(in));
            dropIds(text);
            JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                    // Its durations ("5s") are not those of the format that has the same name.
                    .getSchema(
                            text,
                            SchemaValidatorsConfig.builder()
                                    .formatAssertionsEnabled(false)
                                    .build());
            return schema.validate(compose).stream().map(Object::toString).toList();
        }
    }

    /** The schema names a draft that has no "id", and then gives ids, as older drafts have them; nothing refers to them. */
    private static void dropIds(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            object.remove("$schema");
            if (object.path("id").isTextual()) {
                object.remove("id");
            }
        }
        schema.forEach(ComposeTest::dropIds);
    }

    private static JsonNode compose() throws IOException {
        return Manifests.read(FILE).get(0);
    }

    @Test
    void isAComposeFile() throws Exception {
        assertThat(errorsOf(compose())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "depends_on:|depend_on:",
                "restart: unless-stopped|restart: [always]",
                "healthcheck:|healtcheck:",
                "retries: 12|retries: [12]",
                "condition: service_healthy|condition: service_healty",
                "ports: [\"127.0.0.1:9092:9092\"]|port: [\"127.0.0.1:9092:9092\"]",
            })
    void aMistakeIsFound(String right, String wrong) throws Exception {
        String text = Files.readString(FILE);
        String seeded = text.replace(right, wrong);

        assertThat(seeded).as("the mistake is made").isNotEqualTo(text);
        assertThat(errorsOf(Manifests.parse(seeded))).isNotEmpty();
    }

    @Test
    void publishesOnLoopbackAlone() throws Exception {
        for (JsonNode service : compose().path("services")) {
            for (JsonNode port : service.path("ports")) {
                assertThat(port.asText()).startsWith("127.0.0.1:");
            }
        }
    }

    @Test
    void mountsAndBuildsFromFilesThatAreThere() throws Exception {
        List<Path> files = new ArrayList<>();
        for (JsonNode service : compose().path("services")) {
            for (JsonNode volume : service.path("volumes")) {
                String source = volume.asText().split(":", 2)[0];
                if (source.startsWith(".")) {
                    files.add(Manifests.DOCKER.resolve(source));
                } else {
                    assertThat(compose().path("volumes").has(source))
                            .as("volume " + source)
                            .isTrue();
                }
            }
            if (service.has("build")) {
                Path context =
                        Manifests.DOCKER.resolve(service.at("/build/context").asText());
                files.add(context.resolve(service.at("/build/dockerfile").asText()));
            }
        }
        assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(file).isRegularFile());
    }

    @Test
    void theImageIsMadeOfFilesThatTheBuildMakes() throws Exception {
        String dockerfile = Files.readString(Manifests.DOCKER.resolve("Dockerfile.job"));
        Matcher copies = Pattern.compile("(?m)^COPY (?:--\\S+ )*(\\S+) \\S+$").matcher(dockerfile);
        List<String> sources = new ArrayList<>();
        while (copies.find()) {
            sources.add(copies.group(1));
        }

        assertThat(sources).hasSize(2);
        for (String source : sources) {
            if (source.startsWith("job/target/")) {
                assertThat(source).isEqualTo("job/target/lull-job-" + version() + "-cluster.jar");
            } else {
                assertThat(ROOT.resolve(source)).isRegularFile();
            }
        }
    }

    private static String version() throws IOException {
        Matcher version = Pattern.compile("<artifactId>lull</artifactId>\\s*<version>([^<]*)</version>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }
}
