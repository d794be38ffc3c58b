package io.lull.worker.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Lays an operator's YAML file over the reference file. The reference is the one place of all keys and defaults: a key
 * that it lacks is an error, and so is a value of another kind than its default.
 */
public final class ConfigLoader {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final long MAX_FILE_BYTES = 1 << 20;

    private ConfigLoader() {}

    /** Reads the primary's configuration. */
    public static PrimaryConfig primary(Path file) throws ConfigException {
        return load(file, "primary.yaml", PrimaryConfig.class);
    }

    /** Reads the backup's configuration. */
    public static BackupConfig backup(Path file) throws ConfigException {
        return load(file, "backup.yaml", BackupConfig.class);
    }

    private static <T> T load(Path file, String reference, Class<T> type) throws ConfigException {
        ObjectNode merged = reference(reference);
        merge(merged, read(file), "", file);
        try {
            return YAML.treeToValue(merged, type);
        } catch (JsonProcessingException e) {
            throw new ConfigException(file + ": " + why(e));
        }
    }

    private static String why(JsonProcessingException failure) {
        if (failure.getCause() instanceof IllegalArgumentException ours) {
            return String.valueOf(ours.getMessage());
        }
        String key = failure instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(JsonMappingException.Reference::getFieldName)
                        .filter(Objects::nonNull)
                        .collect(Collectors.joining("."))
                : "";
        return "'" + key + "': " + failure.getOriginalMessage().replace('\n', ' ');
    }

    /** The text of a reference file, comments included. */
    public static String referenceText(String name) {
        try (InputStream in = ConfigLoader.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the reference file " + name + " is missing from the worker's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode reference(String name) {
        try {
            return (ObjectNode) YAML.readTree(referenceText(name));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the reference file " + name + " is not YAML", e);
        }
    }

    private static JsonNode read(Path file) throws ConfigException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new ConfigException(file + " is larger than " + MAX_FILE_BYTES + " bytes: not a configuration");
            }
            return YAML.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new ConfigException(
                    file + " is not YAML: " + e.getOriginalMessage().replace('\n', ' '));
        } catch (NoSuchFileException e) {
            throw new ConfigException(
                    "there is no configuration " + file + ": `lull reference` prints one to begin with");
        } catch (IOException e) {
            throw new ConfigException("can't read the configuration " + file + ": " + e);
        }
    }

    private static void merge(ObjectNode base, JsonNode over, String prefix, Path file) throws ConfigException {
        if (!over.isObject() && prefix.isEmpty()) {
            throw new ConfigException(file + " holds no keys; `lull reference` lists all");
        }
        if (!over.isObject()) {
            throw new ConfigException(file + ": '" + prefix + "' must hold keys");
        }
        for (Iterator<Map.Entry<String, JsonNode>> it = over.fields(); it.hasNext(); ) {
            Map.Entry<String, JsonNode> entry = it.next();
            String key = prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey();
            JsonNode known = base.get(entry.getKey());
            if (known == null) {
                throw new ConfigException(file + ": unknown key '" + key + "'; `lull reference` lists all keys");
            }
            if (known.isObject()) {
                merge((ObjectNode) known, entry.getValue(), key, file);
            } else if (known.getNodeType() != entry.getValue().getNodeType()) {
                throw new ConfigException(file + ": '" + key + "' must be a " + known.getNodeType()
                        + ", as in the reference, not " + entry.getValue());
            } else {
                base.set(entry.getKey(), entry.getValue());
            }
        }
    }
}
