package io.lull.worker.cli;

import io.lull.policy.Decision;
import io.lull.policy.VmId;
import io.lull.policy.signal.EpochReport;
import io.lull.schemas.file.RecordingFile;
import io.lull.schemas.topic.Topics;
import io.lull.worker.config.ConfigException;
import io.lull.worker.kafka.RecentPast;
import io.lull.worker.record.EpochChoice;
import io.lull.worker.record.Explanation;
import io.lull.worker.record.ExplanationJson;
import io.lull.worker.record.ExplanationText;
import io.lull.worker.record.Explanations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lull explain}: says why epochs of a VM were cut where they were. */
@Command(name = "explain", description = "Says why epochs of a VM were cut where they were.")
final class ExplainCommand implements Callable<Integer> {
    private static final int MAX_BACK_SECONDS = 7 * 24 * 3600;
    private static final int LAST = 1;

    /** For whom. */
    enum Output {
        /** For people. */
        text,
        /** For programs. */
        json
    }

    @Option(names = "--bootstrap-servers", description = "host:port of Kafka, several with commas; with --vm")
    private Optional<String> bootstrapServers = Optional.empty();

    @Option(names = "--client-properties", description = "file of further Kafka client settings, key=value")
    private Optional<Path> clientProperties = Optional.empty();

    @Option(names = "--vm", description = "the VM's name, as in its worker's configuration")
    private Optional<String> vm = Optional.empty();

    @Option(names = "--file", description = "a recording of `lull record` instead of Kafka; it holds no decisions")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--epoch", description = "the epoch of this number")
    private Optional<Long> epoch = Optional.empty();

    @Option(names = "--last", description = "the newest so many; default " + LAST)
    private Optional<Integer> last = Optional.empty();

    @Option(names = "--back", description = "how many seconds to look back; default ${DEFAULT-VALUE}")
    private int backSeconds = 600;

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private Output output = Output.text;

    @Option(names = "--topic-prefix", description = "default ${DEFAULT-VALUE}")
    private String topicPrefix = Topics.DEFAULT.prefix();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ConfigException, IOException {
        EpochChoice choice = choice();
        List<Explanation> explanations = file.isPresent() ? ofFile(file.get(), choice) : ofTopics(choice);
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.json) {
            out.println(ExplanationJson.of(explanations).toPrettyString());
        } else {
            out.print(ExplanationText.of(explanations));
        }
        out.flush();
        return 0;
    }

    private EpochChoice choice() throws ConfigException {
        if (epoch.isPresent() && last.isPresent()) {
            throw new ConfigException("--epoch and --last exclude each other; give one");
        }
        if (epoch.isPresent()) {
            long number = epoch.get();
            return Arguments.checked("--epoch", () -> new EpochChoice.Numbered(number));
        }
        return Arguments.checked("--last", () -> new EpochChoice.Last(last.orElse(LAST)));
    }

    private List<Explanation> ofFile(Path path, EpochChoice choice) throws ConfigException, IOException {
        if (bootstrapServers.isPresent() || vm.isPresent()) {
            throw new ConfigException("--file excludes --bootstrap-servers and --vm; a recording is of one VM");
        }
        List<EpochReport> reports = RecordingFile.read(path).reports();
        return found(
                Explanations.ofReportsAlone(reports, choice),
                "recording " + path + ", which has " + reports.size() + " reports");
    }

    private List<Explanation> ofTopics(EpochChoice choice) throws ConfigException, IOException {
        if (bootstrapServers.isEmpty() || vm.isEmpty()) {
            throw new ConfigException("give --bootstrap-servers and --vm, or --file with a recording");
        }
        if (backSeconds < 1 || backSeconds > MAX_BACK_SECONDS) {
            throw new ConfigException("--back must be from 1 to " + MAX_BACK_SECONDS + ", is " + backSeconds);
        }
        VmId id = Arguments.vm(vm.get());
        Topics topics = Arguments.topics(topicPrefix);
        RecentPast past = new RecentPast(Arguments.kafka(bootstrapServers.get(), clientProperties), topics, id);
        Instant since = Instant.now().minus(Duration.ofSeconds(backSeconds));
        List<EpochReport> reports = past.reports(since);
        // A plan may be older than the epochs that it ended.
        List<Decision> decisions = past.decisions(since.minus(Topics.LONGEST_LEASE));
        return found(
                Explanations.of(reports, decisions, choice),
                "topic " + topics.epochs().name() + " with " + reports.size() + " reports of " + id + " in "
                        + backSeconds + " s: is the name right? look further back with --back");
    }

    private List<Explanation> found(List<Explanation> explanations, String where) throws IOException {
        if (explanations.isEmpty()) {
            String what = epoch.map(number -> "no epoch " + number).orElse("no epoch");
            throw new IOException(what + " in " + where);
        }
        return explanations;
    }
}
