package io.lull.worker.cli;

import io.lull.policy.fence.FenceClaim;
import io.lull.policy.fence.FenceRecord;
import io.lull.schemas.topic.Topics;
import io.lull.worker.config.ConfigException;
import io.lull.worker.fence.FenceException;
import io.lull.worker.fence.kafka.KafkaFence;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lull fence}: prints who may release a VM's output, as JSON; with {@code --free} nobody from now on. */
@Command(
        name = "fence",
        description = "Prints who may release a VM's output; with --free, says that no VM of that name runs unwatched.")
final class FenceCommand implements Callable<Integer> {
    @Option(names = "--vm", required = true, description = "name of the VM")
    private String vm = "";

    @Option(names = "--bootstrap-servers", required = true, description = "host:port of Kafka, several with commas")
    private String bootstrapServers = "";

    @Option(names = "--client-properties", description = "file of further Kafka client settings, key=value")
    private Optional<Path> clientProperties = Optional.empty();

    @Option(names = "--topic-prefix", description = "default ${DEFAULT-VALUE}")
    private String topicPrefix = Topics.DEFAULT.prefix();

    @Option(
            names = "--free",
            description =
                    "gives the place of the QEMU that has it away, for good: that one is never heard again, and the"
                            + " next that asks has the VM. Only when every VM of that name is off, or the one that a backup took"
                            + " over is about to get a primary worker of its own")
    private boolean free;

    @Option(names = "--reason", description = "for the record; default: ${DEFAULT-VALUE}")
    private String reason = "told to by an operator";

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        KafkaFence fence = new KafkaFence(
                Arguments.kafka(bootstrapServers, clientProperties),
                Arguments.topics(topicPrefix).fence(),
                Arguments.vm(vm),
                Clock.systemUTC());
        try (fence) {
            Optional<FenceRecord> record = free
                    ? fence.claim(FenceClaim.reset(new FenceClaim.Party(UUID.randomUUID(), "operator"), reason))
                            .record()
                    : fence.look();
            System.out.println(record.map(known -> FenceDocument.of(known).toPrettyString())
                    .orElse("{}"));
            return 0;
        } catch (FenceException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
