package io.lull.bench.job;

import io.lull.bench.job.report.Check;
import io.lull.bench.job.report.Findings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** The command line of the benchmark; exits with 1 when a claim does not hold. */
@Command(
        name = "bench.sh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures the Flink job against a plain relay and Kafka Streams, all on this machine.")
public final class BenchCommand implements Callable<Integer> {
    /** What can be measured. */
    enum What {
        /** From a sample to its command, against a relay and Kafka Streams. */
        latency,
        /** Samples per CPU-second, against Kafka Streams. */
        throughput,
        /** What a sample costs as VMs become more. */
        growth
    }

    private static final int LATENCY_VMS = 100;
    private static final int THROUGHPUT_VMS = 1_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Parameters(arity = "1..*", description = "What to measure: ${COMPLETION-CANDIDATES}.")
    private List<What> what = List.of();

    @Option(
            names = "--policy",
            defaultValue = "remus.fixed",
            description = "Policy of all VMs (default: ${DEFAULT-VALUE}).")
    private String policy = "";

    @Option(names = "--vms-per-host", defaultValue = "50", description = "VMs in one tick (default: ${DEFAULT-VALUE}).")
    private int vmsPerHost;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "100,1000,10000",
            description = "Samples a second of latency turns (default: ${DEFAULT-VALUE}).")
    private List<Integer> rates = List.of();

    @Option(
            names = "--warm-up",
            defaultValue = "40",
            description = "Seconds of feeding before latency turns count (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(
            names = "--turn",
            defaultValue = "10",
            description = "Seconds of a latency turn (default: ${DEFAULT-VALUE}).")
    private int turnSeconds;

    @Option(names = "--turns", defaultValue = "5", description = "Turns of each contender (default: ${DEFAULT-VALUE}).")
    private int turns;

    @Option(
            names = "--warm-up-turns",
            defaultValue = "3",
            description = "Throughput or growth turns before those that count (default: ${DEFAULT-VALUE}).")
    private int warmUpTurns;

    @Option(
            names = "--samples",
            defaultValue = "3000000",
            description = "Samples of a throughput or growth turn (default: ${DEFAULT-VALUE}).")
    private long samples;

    @Option(
            names = "--vms",
            split = ",",
            defaultValue = "100,1000,10000,100000",
            description = "Sizes of fleets of growth (default: ${DEFAULT-VALUE}).")
    private List<Integer> vms = List.of();

    @Option(names = "--without-streams", description = "Leaves Kafka Streams out of throughput.")
    private boolean withoutStreams;

    @Option(names = "--json", description = "Also writes all figures to this file.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--jvm-flag",
            description = "A further flag of the contenders' JVMs, for example -XX:+UseZGC; may be given again.")
    private List<String> jvmFlags = List.of();

    @Option(names = "--report-only", description = "Exits with 0 whatever was measured.")
    private boolean reportOnly;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Findings findings = new Findings();
        findings.condition("policy", policy);
        findings.condition("cores", Runtime.getRuntime().availableProcessors());
        findings.condition("java", System.getProperty("java.vm.version"));
        findings.condition("VMs per host", vmsPerHost);
        Path folder = Files.createTempDirectory("lull-bench-job");
        try (Setup setup = Setup.start(folder, jvmFlags)) {
            for (What one : what) {
                measure(one, setup, findings);
            }
        } catch (IOException | RuntimeException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("bench.sh: what the processes said is in " + folder);
            err.flush();
            throw e;
        }
        remove(folder);
        return report(findings);
    }

    private void measure(What one, Setup setup, Findings findings) throws IOException {
        switch (one) {
            case latency ->
                new LatencyBench(
                                setup,
                                new LatencyBench.Plan(policy, rates, LATENCY_VMS, warmUpSeconds, turnSeconds, turns),
                                findings)
                        .run();
            case throughput ->
                new ThroughputBench(
                                setup,
                                new ThroughputBench.Plan(
                                        policy,
                                        THROUGHPUT_VMS,
                                        vmsPerHost,
                                        samples,
                                        warmUpTurns,
                                        turns,
                                        !withoutStreams),
                                findings)
                        .run();
            case growth ->
                new GrowthBench(
                                setup,
                                new GrowthBench.Plan(policy, vms, vmsPerHost, samples, warmUpTurns, turns),
                                findings)
                        .run();
        }
    }

    private int report(Findings findings) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(findings.toText());
        out.flush();
        if (json.isPresent()) {
            Files.writeString(json.get(), findings.toJson());
        }
        List<Check> missed = findings.missed();
        if (missed.isEmpty()) {
            return 0;
        }
        PrintWriter err = spec.commandLine().getErr();
        missed.forEach(check -> err.println("bench.sh: " + check.inWords()));
        err.flush();
        return reportOnly ? 0 : 1;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }
}
