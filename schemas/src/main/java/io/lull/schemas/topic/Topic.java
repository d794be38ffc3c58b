package io.lull.schemas.topic;

import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * One topic as it is created and checked.
 *
 * @param name full name, for example {@code lull.telemetry.v1}
 * @param key what a record's key is, for a reader
 * @param partitions at least 1
 * @param config the topic's own settings by their Kafka names, as Kafka prints them
 * @param schema the schema of its records; absent where a record is raw bytes
 */
public record Topic(String name, String key, int partitions, Map<String, String> config, Optional<Schema> schema) {
    public Topic {
        if (partitions < 1) {
            throw new IllegalArgumentException("topic " + name + " needs at least 1 partition, has " + partitions);
        }
        config = Map.copyOf(config);
    }
}
