package io.lull.worker.cli;

import io.lull.policy.VmId;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topics;
import io.lull.worker.config.ClientProperties;
import io.lull.worker.config.ConfigException;
import io.lull.worker.config.Endpoint;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What is given on the command line as values; what is wrong is wrong usage, in one line that names the option. */
final class Arguments {
    private Arguments() {}

    static VmId vm(String text) throws ConfigException {
        return checked("--vm", () -> new VmId(text));
    }

    static Topics topics(String prefix) throws ConfigException {
        return checked("--topic-prefix", () -> new Topics(prefix, Topics.DEFAULT.partitions()));
    }

    static KafkaConnection kafka(String bootstrapServers, Optional<Path> clientProperties) throws ConfigException {
        Map<String, String> settings =
                clientProperties.isPresent() ? ClientProperties.read(clientProperties.get()) : Map.of();
        return checked("--bootstrap-servers", () -> new KafkaConnection(bootstrapServers, settings));
    }

    static InetSocketAddress address(String option, String hostAndPort) throws ConfigException {
        try {
            return Endpoint.parse(option, hostAndPort);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    static <T> T checked(String option, Supplier<T> value) throws ConfigException {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(option + ": " + e.getMessage());
        }
    }
}
