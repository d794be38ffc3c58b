package io.lull.lab;

import io.lull.lab.report.HtmlReport;
import io.lull.lab.report.JsonReport;
import io.lull.lab.report.TableReport;
import io.lull.lab.run.Entrants;
import io.lull.lab.run.Experiment;
import io.lull.lab.run.Findings;
import io.lull.lab.run.Laboratory;
import io.lull.lab.run.SeedWords;
import io.lull.lab.run.TargetWords;
import io.lull.policy.Targets;
import io.lull.policy.sim.CostModel;
import io.lull.policy.sim.SimSettings;
import io.lull.policy.sim.Workload;
import io.lull.worker.config.ConfigException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lull simulate}: compares policies in the simulator and says what each one costs a guest and its clients. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Compares checkpoint policies in the simulator, each by its best run on each workload.")
public final class SimulateCommand implements Callable<Integer> {
    private static final int MAX_SECONDS = 3_600;
    private static final int MAX_THREADS = 256;
    private static final String DEFAULT_OBJECTIVE = "p99=25ms";

    /** What the comparison is written as. */
    enum Output {
        /** Text for a terminal. */
        table,
        /** For programs. */
        json,
        /** A page with charts. */
        html
    }

    /** What checkpoints cost. */
    enum Cost {
        /** KVM, 10 Gb/s. */
        kvm,
        /** This project's worker on QEMU's emulation. */
        tcg,
        /** Remus as published. */
        remus2008,
        /** Stop and continue with an immediate commit: the first measurements of idle slots. */
        stopcont
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--workload",
            split = ",",
            paramLabel = "NAME",
            description =
                    "workloads by name, standard for all synthetic "
                            + "ones, published for those measured elsewhere, drawn-1..60 for drawn ones; default standard, none when a trace is given")
    private List<String> workloads = new ArrayList<>();

    @Option(
            names = "--trace",
            split = ",",
            paramLabel = "FILE",
            description = "recorded guests: dirty pages in NAME.dirtylog.gz, or NAME.lullrec of 'lull record'")
    private List<Path> traces = new ArrayList<>();

    @Option(names = "--policy", split = ",", paramLabel = "NAME", description = "all, or policies by name; default all")
    private List<String> policies = new ArrayList<>();

    @Option(names = "--sweep", description = "every setting of each rival, not only its default one")
    private boolean sweep;

    @Option(
            names = "--objective",
            paramLabel = "WORDS",
            description = "what is to be kept, for example p99=25ms,overhead=5%%,bandwidth=50MB/s; none for nothing; "
                    + "given several times, each is compared on its own; default p99=25ms")
    private List<String> objectives = new ArrayList<>();

    @Option(names = "--cost", description = "what checkpoints cost: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private Cost cost = Cost.kvm;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "simulated, after 3 of warm-up; default ${DEFAULT-VALUE}")
    private int seconds = 10;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "what runs are drawn from: 1, or several as 1,7 or 1..5, over which scores are geometric means; "
                            + "default ${DEFAULT-VALUE}")
    private String seed = "1";

    @Option(names = "--threads", paramLabel = "N", description = "default ${DEFAULT-VALUE}")
    private int threads = 2;

    @Option(
            names = "--oracle",
            description = "look for the best schedule too, to measure the distance to it; where "
                    + "the load changes it must see the whole run, which it can up to 10 s")
    private boolean oracle;

    @Option(names = "--brief", description = "the summary alone, without the runs")
    private boolean brief;

    @Option(names = "--output", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private Output output = Output.table;

    @Option(names = "--out", paramLabel = "FILE", description = "where it goes; default standard output")
    private Optional<Path> out = Optional.empty();

    @Override
    public Integer call() throws IOException, ConfigException {
        List<Experiment> experiments = experiments();
        within("--threads", threads, MAX_THREADS);
        try (ProgressLine progress = new ProgressLine(spec.commandLine().getErr())) {
            List<Findings> findings = new ArrayList<>();
            for (Experiment experiment : experiments) {
                progress.about(experiments.size() > 1 ? TargetWords.of(experiment.targets()) : "");
                findings.add(Laboratory.run(experiment, threads, progress));
            }
            progress.close();
            write(
                    switch (output) {
                        case table -> TableReport.of(findings, brief);
                        case json -> JsonReport.of(findings, brief);
                        case html -> HtmlReport.of(findings, brief);
                    });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("simulate was interrupted: start it again");
        }
        return 0;
    }

    private List<Experiment> experiments() throws IOException, ConfigException {
        within("--seconds", seconds, MAX_SECONDS);
        try {
            List<Workload> chosen = WorkloadChoice.of(workloads, traces);
            List<Long> seeds = SeedWords.parse(seed);
            List<Experiment> experiments = new ArrayList<>();
            for (String words : objectives.isEmpty() ? List.of(DEFAULT_OBJECTIVE) : objectives) {
                Targets targets = TargetWords.parse(words);
                experiments.add(new Experiment(
                        chosen,
                        Entrants.of(policies.isEmpty() ? List.of(Entrants.ALL) : policies, sweep, targets),
                        targets,
                        costModel(),
                        SimSettings.DEFAULT.lasting(SimSettings.DEFAULT.warmUpNanos(), seconds * 1_000_000_000L),
                        seeds,
                        oracle));
            }
            return experiments;
        } catch (IllegalArgumentException e) {
            throw new ConfigException("simulate: " + e.getMessage());
        }
    }

    private CostModel costModel() {
        return switch (cost) {
            case kvm -> CostModel.kvm();
            case tcg -> CostModel.tcg();
            case remus2008 -> CostModel.remus2008();
            case stopcont -> CostModel.stopAndContinue();
        };
    }

    private static void within(String option, int value, int max) throws ConfigException {
        if (value < 1 || value > max) {
            throw new ConfigException("simulate: " + option + " is " + value + ": give 1 to " + max);
        }
    }

    private void write(String text) throws IOException {
        if (out.isPresent()) {
            Files.writeString(out.get(), text);
            spec.commandLine().getErr().println("written to " + out.get());
        } else {
            spec.commandLine().getOut().print(text);
            spec.commandLine().getOut().flush();
        }
    }
}
