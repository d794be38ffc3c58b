package io.lull.bench.faults;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.lull.bench.faults.plan.FaultKind;
import io.lull.bench.faults.plan.Lives;
import io.lull.bench.faults.scene.Scene;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the fault campaign; exits with 1 at any violation. */
@Command(
        name = "faults.sh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Protects guests one after the other and lets faults fall at random moments.")
public final class FaultsCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--lives", defaultValue = "300", description = "How many VMs (default: ${DEFAULT-VALUE}).")
    private long lives;

    @Option(names = "--first", defaultValue = "0", description = "Number of the first (default: ${DEFAULT-VALUE}).")
    private long first;

    @Option(names = "--seed", description = "Seed of all random choices; drawn and printed when it is not given.")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--only", split = ",", description = "Only these kinds of fault, separated by commas.")
    private List<String> only = List.of();

    @Option(names = "--root", description = "The repository (default: the current folder).")
    private Path root = Path.of("").toAbsolutePath();

    @Option(
            names = "--name",
            defaultValue = "f",
            description = "What the VMs' names begin with (default: ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--unguarded",
            description = "Without a fence, and with a primary that goes on without its backup: two sides will speak,"
                    + " and this must find out.")
    private boolean unguarded;

    @Option(
            names = "--at-once",
            defaultValue = "1",
            description = "How many lives at a time, each with a broker and a job (default: ${DEFAULT-VALUE}).")
    private int atOnce;

    @Option(names = "--cold", description = "Each guest boots; otherwise they go on from one that has booted.")
    private boolean cold;

    @Option(names = "--stop-file", description = "No further life begins once this file exists.")
    private Optional<Path> stopFile = Optional.empty();

    @Option(names = "--json", description = "Where the summary goes as JSON.")
    private Optional<Path> json = Optional.empty();

    public static void main(String[] args) {
        System.exit(new CommandLine(new FaultsCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        long chosen = seed.orElseGet(System::nanoTime);
        List<FaultKind> kinds = kinds();
        print("seed " + chosen);
        Scene.Guard guard = unguarded ? Scene.Guard.NOTHING : Scene.Guard.FENCE;
        Campaign.Settings settings = new Campaign.Settings(root, name, guard, cold, first, lives, atOnce, stopFile);
        Campaign campaign = new Campaign(new Lives(chosen, kinds), settings, this::print);
        campaign.run();
        Summary summary = campaign.summary(chosen);
        print(summary.text());
        if (json.isPresent()) {
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValue(json.get().toFile(), summary);
        }
        return summary.clean() ? 0 : 1;
    }

    private List<FaultKind> kinds() {
        List<FaultKind> kinds = new ArrayList<>();
        for (String label : only) {
            kinds.add(FaultKind.of(label)
                    .orElseThrow(() -> new CommandLine.ParameterException(
                            spec.commandLine(), "there is no fault " + label + ", but: " + labels())));
        }
        return kinds.isEmpty() ? Arrays.asList(FaultKind.values()) : kinds;
    }

    private static String labels() {
        return Arrays.stream(FaultKind.values()).map(FaultKind::label).collect(Collectors.joining(", "));
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
