package io.lull.worker.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Reads a file of Kafka client settings, {@code key=value} lines by their Kafka names: what a cluster with TLS asks for. */
public final class ClientProperties {
    private static final long MAX_FILE_BYTES = 1 << 20;

    private ClientProperties() {}

    /** The settings in the file. */
    public static Map<String, String> read(Path file) throws ConfigException {
        Properties properties = new Properties();
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new ConfigException(
                        file + " is larger than " + MAX_FILE_BYTES + " bytes: no Kafka client settings");
            }
            properties.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            throw new ConfigException("there is no file of Kafka client settings " + file);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("can't read the Kafka client settings " + file + ": " + e);
        }
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        return settings;
    }
}
