package io.lull.producer.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How to reach Kafka.
 *
 * @param bootstrapServers {@code host:port}, several with commas
 * @param security further client settings by their Kafka names (TLS, SASL); they override none of ours
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> security) {
    /** The longest pause between two attempts to connect. */
    public static final Duration MAX_RECONNECT_PAUSE = Duration.ofMillis(250);

    private static final Duration MIN_RECONNECT_PAUSE = Duration.ofMillis(50);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);

    public KafkaConnection {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("bootstrapServers is blank; give host:port of a Kafka broker");
        }
        security = Map.copyOf(security);
    }

    /** A connection without TLS or SASL. */
    public static KafkaConnection plain(String bootstrapServers) {
        return new KafkaConnection(bootstrapServers, Map.of());
    }

    /** The settings that all clients share: above all, to be back soon after a broker is. */
    public Map<String, Object> clientSettings() {
        Map<String, Object> settings = new HashMap<>(security);
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, MIN_RECONNECT_PAUSE.toMillis());
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, MAX_RECONNECT_PAUSE.toMillis());
        settings.put(CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, MIN_RECONNECT_PAUSE.toMillis());
        settings.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, MAX_RECONNECT_PAUSE.toMillis());
        settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, CONNECT_LIMIT.toMillis());
        settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, CONNECT_LIMIT.toMillis());
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        return settings;
    }
}
