package io.lull.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lull.job.CheckpointSchedulingJob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.container.entrypoint.StandaloneApplicationClusterConfigurationParserFactory;
import org.apache.flink.runtime.entrypoint.EntrypointClusterConfiguration;
import org.apache.flink.runtime.entrypoint.parser.CommandLineParser;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** Every key of Flink and of the job that a deployment sets exists, and its value is one. */
class ConfigurationTest {
    private static final Path CLUSTER = Path.of("conf");
    private static final Path DEPLOYMENT = Path.of("../kubernetes/flink.yaml");
    private static final Path COMPOSE = Path.of("../docker/compose.yaml");
    private static final YAMLMapper YAML = new YAMLMapper();

    private static Map<String, String> inFlinkConfiguration() throws IOException {
        Map<String, String> settings = new HashMap<>();
        deployment()
                .at("/spec/flinkConfiguration")
                .properties()
                .forEach(setting ->
                        settings.put(setting.getKey(), setting.getValue().asText()));
        return settings;
    }

    private static JsonNode deployment() throws IOException {
        try (InputStream in = Files.newInputStream(DEPLOYMENT);
                var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(in)) {
            return documents.readAll().stream()
                    .filter(document -> document.path("kind").asText().equals("FlinkDeployment"))
                    .findAny()
                    .orElseThrow();
        }
    }

    /** As the job reads its command line. */
    private static Configuration options(List<String> arguments) throws IOException {
        Configuration options = new Configuration();
        Properties file = new Properties();
        try (InputStream in = Files.newInputStream(CLUSTER.resolve("lull.properties"))) {
            file.load(in);
        }
        file.forEach((key, value) -> options.setString(key.toString(), value.toString()));
        for (int i = 0; i < arguments.size(); i += 2) {
            if (!arguments.get(i).equals("--config")) {
                options.setString(arguments.get(i).substring(2), arguments.get(i + 1));
            }
        }
        return options;
    }

    private static void assertTheJobTakes(Configuration options) {
        assertThatCode(() -> CheckpointSchedulingJob.build(new StreamExecutionEnvironment(), options))
                .doesNotThrowAnyException();
        Map<String, String> flink = new HashMap<>(options.toMap());
        flink.keySet().removeIf(key -> key.startsWith("lull."));
        assertThat(FlinkSettings.errorsOf(flink)).isEmpty();
    }

    @Test
    void ofTheClusterIsFlinks() throws Exception {
        Map<String, String> settings =
                GlobalConfiguration.loadConfiguration(CLUSTER.toString()).toMap();
        // Filled in by cluster.sh.
        settings.replaceAll((key, value) -> value.matches("@PORT_\\w+@") ? "1234" : value);

        assertThat(settings).hasSizeGreaterThan(30);
        assertThat(FlinkSettings.errorsOf(settings)).isEmpty();
    }

    @Test
    void ofKubernetesIsFlinks() throws Exception {
        assertThat(FlinkSettings.errorsOf(inFlinkConfiguration())).isEmpty();
    }

    @Test
    void ofComposeIsFlinks() throws Exception {
        String properties = YAML.readTree(COMPOSE.toFile())
                .at("/services/jobmanager/environment/FLINK_PROPERTIES")
                .asText();
        Map<String, String> settings = new HashMap<>();
        properties.lines().map(line -> line.split(": ", 2)).forEach(pair -> settings.put(pair[0], pair[1]));

        assertThat(settings).isNotEmpty();
        assertThat(FlinkSettings.errorsOf(settings)).isEmpty();
    }

    @Test
    void ofTheJobIsTheJobs() throws Exception {
        assertTheJobTakes(options(List.of()));
        List<String> kubernetes = new ArrayList<>();
        deployment().at("/spec/job/args").forEach(argument -> kubernetes.add(argument.asText()));
        assertTheJobTakes(options(kubernetes));
        assertTheJobTakes(options(ofComposeAfterFlink()));
    }

    /** What is left for the job of compose's command when Flink has taken its own: it takes beginnings of its options too. */
    private static List<String> ofComposeAfterFlink() throws Exception {
        List<String> command = new ArrayList<>(List.of("--configDir", "conf"));
        YAML.readTree(COMPOSE.toFile())
                .at("/services/jobmanager/command")
                .forEach(argument -> command.add(argument.asText()));
        assertThat(command.remove(2)).isEqualTo("standalone-job");
        EntrypointClusterConfiguration parsed = new CommandLineParser<>(
                        new StandaloneApplicationClusterConfigurationParserFactory())
                .parse(command.toArray(String[]::new));
        assertThat(parsed.getConfigDir()).isEqualTo("conf");
        return List.of(parsed.getArgs());
    }

    @Test
    void ofComposeTheJobGetsItsFile() throws Exception {
        assertThat(ofComposeAfterFlink()).containsSequence("--config", "/opt/flink/lull/lull.properties");
    }

    @Test
    void aMistakeIsFound() {
        assertThat(FlinkSettings.errorsOf(Map.of("execution.checkpointing.intervall", "1 s")))
                .containsExactly("execution.checkpointing.intervall: no such option");
        assertThat(FlinkSettings.errorsOf(Map.of("execution.checkpointing.interval", "often")))
                .hasSize(1);
        assertThat(FlinkSettings.errorsOf(Map.of("jobmanager.scheduler", "adaptable")))
                .hasSize(1);
    }
}
