package io.lull.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads YAML: a key that stands twice is an error. */
final class Manifests {
    static final Path KUBERNETES = Path.of("").toAbsolutePath();
    static final Path DOCKER = KUBERNETES.resolveSibling("docker");

    /** The Flink operator's definition is one of the largest. */
    private static final int LARGEST_CHARACTERS = 10 << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private Manifests() {}

    /** The documents of a file of {@code deploy/kubernetes}. */
    static List<JsonNode> of(String file) throws IOException {
        return read(KUBERNETES.resolve(file));
    }

    static List<JsonNode> read(Path file) throws IOException {
        return documents(Files.readString(file));
    }

    /** The first document of a text. */
    static JsonNode parse(String text) {
        return documents(text).get(0);
    }

    /** SnakeYAML itself, because it knows anchors. */
    private static List<JsonNode> documents(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setCodePointLimit(LARGEST_CHARACTERS);
        List<JsonNode> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(options))
                .loadAll(text)
                .forEach(document -> documents.add(JSON.valueToTree(document)));
        return documents;
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
