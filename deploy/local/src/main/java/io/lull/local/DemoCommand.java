package io.lull.local;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.local.scenario.FailoverScenario;
import io.lull.local.scenario.OutageScenario;
import io.lull.local.scenario.SchedulingScenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lull demo}: brings up the whole loop on this machine, runs a scenario, and says what it saw. */
@Command(name = "demo", description = "Runs the whole loop on this machine around a real guest.")
final class DemoCommand implements Callable<Integer> {
    private static final int NOT_HELD = 1;

    /** What to do with the stack. */
    enum Scenario {
        /** Load, kill the primary, carry on. */
        failover,
        /** Compare schedules. */
        scheduling,
        /** Take Kafka away and give it back. */
        outage
    }

    @Option(names = "--scenario", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private Scenario scenario = Scenario.failover;

    @Option(names = "--root", description = "the repository; default the current folder")
    private Path root = Path.of("").toAbsolutePath();

    @Option(names = "--name", description = "of the VM and its network; default ${DEFAULT-VALUE}")
    private String name = "demo";

    @Option(names = "--report", description = "where the report goes as JSON; default .lull/report.json")
    private Path report = Path.of(".lull/report.json");

    @Override
    public Integer call() throws IOException {
        LocalOptions options =
                scenario == Scenario.scheduling ? LocalOptions.scheduling(root, name) : LocalOptions.demo(root, name);
        System.out.println("bringing up broker, Flink, guest and workers in " + options.folder());
        try (LocalStack stack = LocalStack.start(options)) {
            stack.protect();
            return switch (scenario) {
                case failover -> finish(new FailoverScenario(stack).run());
                case scheduling -> finish(new SchedulingScenario(stack).run());
                case outage -> finish(new OutageScenario(stack).run());
            };
        }
    }

    private int finish(Outcome outcome) throws IOException {
        JsonMapper json =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.createDirectories(report.toAbsolutePath().getParent());
        json.writeValue(report.toFile(), outcome);
        System.out.print(outcome.text());
        System.out.println("report: " + report);
        return outcome.allHeld() ? 0 : NOT_HELD;
    }
}
