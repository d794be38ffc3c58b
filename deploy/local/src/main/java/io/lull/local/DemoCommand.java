package io.lull.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.local.scenario.FailoverScenario;
import io.lull.local.scenario.OutageScenario;
import io.lull.local.scenario.ReachedEarlier;
import io.lull.local.scenario.SchedulingScenario;
import io.lull.local.scenario.SoakScenario;
import io.lull.local.scenario.SwitchoverScenario;
import io.lull.local.scenario.Verdicts.Kind;
import io.lull.local.scenario.Verdicts.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lull demo}: brings up the whole loop on this machine, runs a scenario, and says what it saw. */
@Command(
        name = "demo",
        description = "Runs the whole loop on this machine around a real guest.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all that was judged held",
            "1:something did not hold that must hold however busy the machine is, or the run broke",
            "2:wrong usage",
            "3:only rates or times were missed, and in the earlier tries too"
        })
final class DemoCommand implements Callable<Integer> {
    private static final int HELD = 0;
    private static final int NOT_HELD = 1;
    private static final int TIMING_NOT_HELD = 3;

    /** What to do with the stack. */
    enum Scenario {
        /** Load, kill the primary, carry on. */
        failover,
        /** Compare schedules. */
        scheduling,
        /** Take Kafka away and give it back. */
        outage,
        /** Forty checkpoints a second for minutes. */
        soak,
        /** From one host to the other and back, again and again. */
        switchover
    }

    @Option(names = "--scenario", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private Scenario scenario = Scenario.failover;

    @Option(names = "--minutes", description = "how long a soak takes; default ${DEFAULT-VALUE}")
    private int minutes = 10;

    @Option(
            names = "--turns",
            description = "of scheduling, how often each schedule has its turn, default " + SchedulingScenario.TURNS
                    + "; of switchover, how often the VM moves, default " + SwitchoverScenario.TURNS)
    private Optional<Integer> turns = Optional.empty();

    @Option(names = "--root", description = "the repository; default the current folder")
    private Path root = Path.of("").toAbsolutePath();

    @Option(names = "--name", description = "of the VM and its network; default ${DEFAULT-VALUE}")
    private String name = "demo";

    @Option(names = "--report", description = "where the report goes as JSON; default .lull/report.json")
    private Path report = Path.of(".lull/report.json");

    @Option(
            names = "--earlier",
            paramLabel = "REPORT",
            description = "report of an earlier try of this scenario, once for each: a rate or time that was reached in"
                    + " one need not be reached again")
    private List<Path> earlier = List.of();

    @Option(
            names = "--keep",
            description =
                    "leave the run's folder with logs, sockets and disks; without it that is removed when all held,"
                            + " and at Ctrl-C")
    private boolean keep;

    @Override
    public Integer call() throws IOException {
        if (turns.isPresent() && turns.get() < 1) {
            throw new IOException("--turns must be 1 or more, is " + turns.get());
        }
        ReachedEarlier reached = readEarlier();
        LocalOptions options =
                switch (scenario) {
                    case scheduling -> LocalOptions.scheduling(root, name, keep);
                    case soak -> LocalOptions.soak(root, name, keep);
                    case switchover -> LocalOptions.switchover(root, name, keep);
                    case failover, outage -> LocalOptions.demo(root, name, keep);
                };
        boolean tidy = false;
        try {
            Outcome outcome = run(options);
            System.out.print(reached.text(outcome.verdicts()));
            int exitCode = exitCode(reached.missed(outcome.verdicts()));
            tidy = exitCode == HELD && !keep;
            return exitCode;
        } finally {
            if (tidy) {
                Removal.remove(options.folder());
            } else if (Files.exists(options.folder())) {
                System.out.println("logs and disks of this run: " + options.folder());
            }
        }
    }

    private Outcome run(LocalOptions options) throws IOException {
        System.out.println("bringing up broker, Flink, guest and workers in " + options.folder());
        try (LocalStack stack = LocalStack.start(options)) {
            stack.protect();
            System.out.println("the VM is protected");
            Outcome outcome =
                    switch (scenario) {
                        case failover -> new FailoverScenario(stack).run();
                        case scheduling -> new SchedulingScenario(stack, turns.orElse(SchedulingScenario.TURNS)).run();
                        case outage -> new OutageScenario(stack).run();
                        case soak -> new SoakScenario(stack, minutes).run();
                        case switchover -> new SwitchoverScenario(stack, turns.orElse(SwitchoverScenario.TURNS)).run();
                    };
            say(outcome);
            return outcome;
        }
    }

    private void say(Outcome outcome) throws IOException {
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.createDirectories(report.toAbsolutePath().getParent());
        json.writeValue(report.toFile(), outcome);
        System.out.print(outcome.text());
        System.out.println("report: " + report);
    }

    private ReachedEarlier readEarlier() throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        List<Verdict> verdicts = new ArrayList<>();
        for (Path file : earlier) {
            try {
                JsonNode listed = json.readTree(file.toFile()).required("verdicts");
                verdicts.addAll(List.of(json.treeToValue(listed, Verdict[].class)));
            } catch (JsonProcessingException | IllegalArgumentException e) {
                throw new IOException(file + ", given by --earlier, is no report of lull demo: " + e.getMessage(), e);
            }
        }
        return ReachedEarlier.in(verdicts);
    }

    private static int exitCode(List<Verdict> missed) {
        if (missed.isEmpty()) {
            return HELD;
        }
        return missed.stream().allMatch(verdict -> verdict.kind() == Kind.TIMING) ? TIMING_NOT_HELD : NOT_HELD;
    }
}
