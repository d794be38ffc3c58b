package io.lull.worker.cli;

import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import io.lull.worker.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lull topics}: compares the topics with what they should be; creates those that are missing when asked to. */
@Command(name = "topics", description = "Checks the topics; with --create it creates those that are missing.")
final class TopicsCommand implements Callable<Integer> {
    private static final int MAX_REPLICAS = 100;
    private static final int LISTED_TRIES = 20;
    private static final long LISTED_PAUSE_NANOS = 100_000_000;

    @Option(names = "--bootstrap-servers", required = true, description = "host:port of Kafka, several with commas")
    private String bootstrapServers = "";

    @Option(names = "--client-properties", description = "file of further Kafka client settings, key=value")
    private Optional<Path> clientProperties = Optional.empty();

    @Option(names = "--topic-prefix", description = "default ${DEFAULT-VALUE}")
    private String topicPrefix = Topics.DEFAULT.prefix();

    @Option(names = "--create", description = "create the topics that are missing; change none that is there")
    private boolean create;

    @Option(names = "--replicas", description = "of a topic that is created; default ${DEFAULT-VALUE}")
    private int replicas = 1;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigException, IOException {
        Topics topics = Arguments.topics(topicPrefix);
        if (replicas < 1 || replicas > MAX_REPLICAS) {
            throw new ConfigException("--replicas must be from 1 to " + MAX_REPLICAS + ", is " + replicas);
        }
        try (TopicAdmin admin = new TopicAdmin(
                Arguments.kafka(bootstrapServers, clientProperties), replicas, TopicAdmin.DEFAULT_LIMIT)) {
            if (create) {
                admin.createMissing(topics)
                        .forEach(name -> spec.commandLine().getErr().println("created " + name));
            }
            List<String> differences = create ? checkCreated(admin, topics) : admin.check(topics);
            differences.forEach(difference -> spec.commandLine().getErr().println("lull: " + difference));
            return differences.isEmpty() ? 0 : LullCommand.FAILED;
        }
    }

    /** A broker lists a topic that was just created a moment later. */
    private static List<String> checkCreated(TopicAdmin admin, Topics topics) throws IOException {
        List<String> differences = admin.check(topics);
        for (int i = 0; i < LISTED_TRIES && !differences.isEmpty(); i++) {
            LockSupport.parkNanos(LISTED_PAUSE_NANOS);
            differences = admin.check(topics);
        }
        return differences;
    }
}
