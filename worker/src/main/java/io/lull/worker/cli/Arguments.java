package io.lull.worker.cli;

import io.lull.policy.VmId;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topics;
import io.lull.worker.config.ConfigException;
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

    static KafkaConnection kafka(String bootstrapServers) throws ConfigException {
        return checked("--bootstrap-servers", () -> KafkaConnection.plain(bootstrapServers));
    }

    static <T> T checked(String option, Supplier<T> value) throws ConfigException {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(option + ": " + e.getMessage());
        }
    }
}
