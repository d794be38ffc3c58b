package io.lull.worker.cli;

import io.lull.policy.OperatorIntent;
import io.lull.policy.OperatorIntent.Kind;
import io.lull.policy.VmId;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.schemas.topic.Topics;
import io.lull.worker.config.ConfigException;
import io.lull.worker.kafka.IntentBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lull intent}: asks something for a VM, takes it back, and prints what is asked, as JSON. */
@Command(
        name = "intent",
        description =
                "Asks for another policy, other objectives, a pause, ... of a running VM; alone, prints what is asked.")
final class IntentCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            description =
                    "choose-policy, objectives, pin-interval, pause, resume, exclude or advice; it replaces the one"
                            + " before of its kind")
    private Optional<String> kind = Optional.empty();

    @Option(names = "--vm", required = true, description = "name of the VM")
    private String vm = "";

    @Option(names = "--bootstrap-servers", required = true, description = "host:port of Kafka, several with commas")
    private String bootstrapServers = "";

    @Option(names = "--client-properties", description = "file of further Kafka client settings, key=value")
    private Optional<Path> clientProperties = Optional.empty();

    @Option(names = "--topic-prefix", description = "default ${DEFAULT-VALUE}")
    private String topicPrefix = Topics.DEFAULT.prefix();

    @Option(names = "--take-back", description = "what was asked by this kind holds no more")
    private boolean takeBack;

    @Mixin
    private IntentOptions options = new IntentOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigException, IOException {
        VmId id = Arguments.vm(vm);
        Optional<Kind> asked = kind.isPresent() ? Optional.of(IntentOptions.kind(kind.get())) : Optional.empty();
        if (takeBack && asked.isEmpty()) {
            throw new ConfigException("--take-back needs to know what: name the kind of intent");
        }
        long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        IntentBook book =
                new IntentBook(Arguments.kafka(bootstrapServers, clientProperties), Arguments.topics(topicPrefix));
        if (takeBack) {
            book.takeBack(id, asked.orElseThrow());
        } else if (asked.isPresent()) {
            book.write(known(options.of(id, asked.get(), nowMicros)));
        }
        spec.commandLine()
                .getOut()
                .println(IntentDocument.of(book.of(id), nowMicros).toPrettyString());
        return 0;
    }

    private static OperatorIntent known(OperatorIntent intent) throws ConfigException {
        PolicyRegistry registry = PolicyRegistry.standard();
        if (intent.policy().isPresent() && !registry.knows(intent.policy().get())) {
            throw new ConfigException("no policy is named '" + intent.policy().get() + "'; known are "
                    + String.join(", ", registry.names()));
        }
        return intent;
    }
}
