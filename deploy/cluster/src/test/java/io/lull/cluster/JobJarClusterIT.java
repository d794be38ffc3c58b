package io.lull.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.cluster.kafka.TopicSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is in the jar that a cluster is given, and what is not. */
class JobJarClusterIT {
    private static final Pattern CONNECTOR = Pattern.compile(
            "org/apache/flink/(connector/kafka/|streaming/connectors/kafka/|streaming/util/serialization/JSONKeyValue)");

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile(JobJar.path().toFile())) {
            return jar.stream().map(JarEntry::getName).toList();
        }
    }

    @Test
    void hasNothingThatTheClusterBrings() throws Exception {
        assertThat(entries())
                .filteredOn(name -> name.startsWith("org/apache/flink/"))
                .filteredOn(name ->
                        name.endsWith(".class") && !CONNECTOR.matcher(name).lookingAt())
                .as("of Flink only the Kafka connector is in the jar")
                .isEmpty();
        assertThat(entries())
                .as("two loggers, or two bindings, and nobody logs")
                .noneMatch(name -> name.startsWith("org/slf4j/")
                        || name.startsWith("org/apache/logging/")
                        || name.startsWith("org/apache/log4j/")
                        || name.startsWith("ch/qos/logback/"));
    }

    @Test
    void hasWhatTheClusterDoesNotBring() throws Exception {
        assertThat(entries())
                .contains(
                        "io/lull/job/CheckpointSchedulingJob.class",
                        "io/lull/policy/trigger/CommandFilter.class",
                        "io/lull/schemas/avro/VmSample.class",
                        "org/apache/flink/connector/kafka/source/KafkaSource.class",
                        "org/apache/kafka/clients/producer/KafkaProducer.class",
                        "org/apache/avro/Schema.class",
                        "net/jpountz/lz4/LZ4Factory.class");
    }

    @Test
    void hasNoSignaturesOfOthersNoModulesAndEachClassOnce() throws Exception {
        assertThat(entries())
                .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA)"))
                .noneMatch(name -> name.endsWith("module-info.class"))
                .doesNotHaveDuplicates();
    }

    @Test
    void hasOneVersionOfKafkaAndItIsOurs() throws Exception {
        try (JarFile jar = new JarFile(JobJar.path().toFile())) {
            byte[] properties = jar.getInputStream(jar.getEntry("kafka/kafka-version.properties"))
                    .readAllBytes();
            assertThat(new String(properties, StandardCharsets.UTF_8)).contains("version=" + TopicSet.clientVersion());
        }
    }

    @Test
    void namesTheJobAsItsMainClass() throws Exception {
        try (JarFile jar = new JarFile(JobJar.path().toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("io.lull.job.CheckpointSchedulingJob");
        }
    }
}
