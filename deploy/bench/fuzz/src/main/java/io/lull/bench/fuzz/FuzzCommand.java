package io.lull.bench.fuzz;

import io.lull.bench.fuzz.parser.TargetKind;
import io.lull.bench.fuzz.siege.Siege;
import io.lull.bench.fuzz.siege.SiegeKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the fuzzer; exits with 1 at any violation. */
@Command(
        name = "fuzz.sh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Sends hostile input to everything of Lull that reads what others wrote.")
public final class FuzzCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(
            paramLabel = "TARGET",
            description =
                    "backup, chunks, answers, colo, shared, frames, nbd, qmp, records, config; on real sockets: port,"
                            + " tls-port, nbd-socket, qmp-socket. All when none is named.")
    private List<String> names = List.of();

    @Option(
            names = "--inputs",
            defaultValue = "10000000",
            description = "Inputs of all targets together (default: ${DEFAULT-VALUE}).")
    private long inputs;

    @Option(
            names = "--connections",
            defaultValue = "10000",
            description = "Hostile connections of each siege (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--seed", description = "Seed of all random choices; drawn and printed when it is not given.")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--threads", defaultValue = "2", description = "Threads (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--findings",
            defaultValue = "findings",
            description = "Folder for inputs that broke a rule (default: ${DEFAULT-VALUE}).")
    private Path findings = Path.of("");

    @Option(names = "--lot", description = "Only this lot of each target.")
    private Optional<Long> lot = Optional.empty();

    @Option(names = "--repeat", description = "Gives the one named target this file's bytes.")
    private Optional<Path> repeat = Optional.empty();

    public static void main(String[] args) {
        System.exit(new CommandLine(new FuzzCommand()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("lull-fuzz");
        try {
            return repeat.isPresent() ? repeat(repeat.get(), folder) : campaign(folder);
        } finally {
            delete(folder);
        }
    }

    private int campaign(Path folder) throws Exception {
        long chosen = seed.orElseGet(System::nanoTime);
        print("seed " + chosen);
        List<TargetKind> kinds = new ArrayList<>();
        List<SiegeKind> sieges = new ArrayList<>();
        choose(kinds, sieges);
        int violations = 0;
        for (SiegeKind kind : sieges) {
            violations += besiege(kind, chosen, Files.createDirectories(folder.resolve(kind.label())));
        }
        if (!kinds.isEmpty()) {
            violations += fuzz(kinds, chosen, folder);
        }
        print("violations " + violations);
        return violations == 0 ? 0 : 1;
    }

    private void choose(List<TargetKind> kinds, List<SiegeKind> sieges) {
        if (names.isEmpty()) {
            kinds.addAll(Arrays.asList(TargetKind.values()));
            sieges.addAll(Arrays.asList(SiegeKind.values()));
        }
        for (String name : names) {
            Optional<TargetKind> kind = TargetKind.of(name);
            Optional<SiegeKind> siege = SiegeKind.of(name);
            if (kind.isEmpty() && siege.isEmpty()) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "there is no target " + name + "; --help lists all");
            }
            kind.ifPresent(kinds::add);
            siege.ifPresent(sieges::add);
        }
    }

    private int besiege(SiegeKind kind, long chosen, Path folder) throws Exception {
        Siege.Outcome outcome = kind.open(folder).run(chosen, connections);
        print(kind.label() + ": " + outcome.report());
        outcome.violations().forEach(violation -> print("VIOLATION " + kind.label() + ": " + violation));
        return outcome.violations().size();
    }

    private int fuzz(List<TargetKind> kinds, long chosen, Path folder) throws InterruptedException, IOException {
        Campaign campaign = new Campaign(settings(chosen, folder), Subject.of(kinds, inputs));
        lot.ifPresent(campaign::only);
        Campaign.Result result = campaign.run();
        print(Tally.header());
        result.tallies().forEach((name, tally) -> print(tally.row(name)));
        print(String.format(
                "%,d inputs in %.1f s, %,.0f a second",
                result.inputs(), result.wallNanos() / 1e9, result.inputs() / (result.wallNanos() / 1e9)));
        Findings kept = new Findings(findings);
        for (Violation violation : result.violations()) {
            print(kept.keep(violation, chosen));
        }
        return result.violations().size();
    }

    private int repeat(Path file, Path folder) throws Exception {
        Optional<TargetKind> kind = names.size() == 1 ? TargetKind.of(names.get(0)) : Optional.empty();
        if (kind.isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--repeat takes the name of one target");
        }
        Subject subject = new Subject(kind.get().label(), 1, kind.get()::open);
        Optional<Violation> violation =
                Campaign.repeat(subject, Files.readAllBytes(file), settings(seed.orElse(0L), folder));
        print(violation.map(v -> v.kind() + ": " + v.what()).orElse("no violation"));
        return violation.isEmpty() ? 0 : 1;
    }

    private Campaign.Settings settings(long chosen, Path folder) {
        return new Campaign.Settings(chosen, threads, HangWatch.LIMIT_NANOS, folder);
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
