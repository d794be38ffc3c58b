package io.lull.policy.sim;

import io.lull.policy.Targets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How many observations a second the simulator makes on one core: one a tick of a protected run, in which the trigger
 * decides; the samples of the job come on top. Run {@link #main} with the test class path.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class SimulatorBenchmark {
    private static final SimSettings SETTINGS = SimSettings.DEFAULT.lasting(0, Trial.SECOND);

    /** A standard workload, or all of them one after the other. */
    @Param({"all", "open-busy", "closed-200-4cpu", "mixed-24cpu", "cpu-1"})
    String workload = "all";

    @Benchmark
    public double run() {
        double paused = 0;
        for (Workload each : workloads()) {
            RunResult result = Trial.run(
                    each, CostModel.kvm(), Trial.lull(100 * Trial.MS, Targets.outputDelay(25 * Trial.MS)), SETTINGS, 1);
            paused += result.pausedRatio();
        }
        return paused;
    }

    private List<Workload> workloads() {
        return workload.equals("all") ? Workloads.standard() : List.of(Trial.standard(workload));
    }

    public static void main(String[] args) throws RunnerException {
        Collection<org.openjdk.jmh.results.RunResult> results = new Runner(new OptionsBuilder()
                        .include(SimulatorBenchmark.class.getSimpleName())
                        .jvmArgs("-XX:+UseSerialGC")
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .build())
                .run();
        double ticks = (double) SETTINGS.runNanos() / SETTINGS.tickNanos();
        for (org.openjdk.jmh.results.RunResult result : results) {
            String name = result.getParams().getParam("workload");
            int runs = name.equals("all") ? Workloads.standard().size() : 1;
            double perSecond = runs * ticks / (result.getPrimaryResult().getScore() / 1_000);
            System.out.printf("%-16s %.2f million observations a second%n", name, perSecond / 1e6);
        }
    }
}
