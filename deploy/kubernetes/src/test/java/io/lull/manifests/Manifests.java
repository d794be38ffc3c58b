package io.lull.manifests;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads YAML: a key that stands twice is an error. */
final class Manifests {
    static final Path KUBERNETES = Path.of("").toAbsolutePath();
    static final Path DOCKER = KUBERNETES.resolveSibling("docker");

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Manifests() {}

    /** The documents of a file of {@code deploy/kubernetes}. */
    static List<JsonNode> of(String file) throws IOException {
        return read(KUBERNETES.resolve(file));
    }

    static List<JsonNode> read(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file);
                var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(in)) {
            values.forEachRemaining(documents::add);
        }
        return documents;
    }

    static JsonNode parse(String text) throws IOException {
        return YAML.readTree(text);
    }

    /** All documents of all files, that have this kind. */
    static List<JsonNode> ofKind(String kind) throws IOException {
        return all().stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    static List<JsonNode> all() throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        for (Path file : files()) {
            documents.addAll(read(file));
        }
        return documents;
    }

    static List<Path> files() throws IOException {
        try (var files = Files.list(KUBERNETES)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }
}
