package io.lull.bench.job.kafka.streams;

import java.util.HashMap;
import java.util.Map;

/**
 * What Kafka Streams is started with; durations come as the job takes them, in whole milliseconds.
 *
 * @param given by name, without the two dashes
 */
record StreamsOptions(Map<String, String> given) {
    private static final String KAFKA_PREFIX = "lull.kafka.";
    private static final String MILLIS = " ms";

    StreamsOptions {
        given = Map.copyOf(given);
    }

    static StreamsOptions of(String[] arguments) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            given.put(arguments[i].substring("--".length()), arguments[i + 1]);
        }
        return new StreamsOptions(given);
    }

    String get(String name) {
        String value = given.get(name);
        if (value == null) {
            throw new IllegalArgumentException("option --" + name + " is missing");
        }
        return value;
    }

    /** Settings of Kafka's consumers, by the names that Kafka has for them. */
    Map<String, String> ofKafka() {
        Map<String, String> settings = new HashMap<>();
        given.forEach((name, value) -> {
            if (name.startsWith(KAFKA_PREFIX)) {
                settings.put(name.substring(KAFKA_PREFIX.length()), value);
            }
        });
        return settings;
    }

    long reassertMicros() {
        return micros("lull.reassert", "500 ms");
    }

    long leaseMicros() {
        return micros("lull.lease", "2000 ms");
    }

    long stalenessMicros() {
        return micros("lull.staleness", "1000 ms");
    }

    private long micros(String name, String byDefault) {
        String text = given.getOrDefault(name, byDefault);
        if (!text.endsWith(MILLIS)) {
            throw new IllegalArgumentException("--" + name + " is '" + text + "', must be a number and ' ms'");
        }
        return Long.parseLong(text.substring(0, text.length() - MILLIS.length())) * 1000;
    }
}
