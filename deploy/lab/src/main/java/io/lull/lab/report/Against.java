package io.lull.lab.report;

import io.lull.policy.lull.LullPolicy;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;

/**
 * What a score is made of, and what it leaves out: Lull's work, output delay and bytes, each over a rival's.
 *
 * <p>Geometric means over the workloads on which both ran, each in its best setting there. Bytes are counted for the work
 * that they brought, since a guest that gets more done dirties more.
 *
 * @param usefulWorkRatio more than 1 where Lull's guest gets more done
 * @param outputDelayRatio of the p99, over the workloads with output; less than 1 where Lull's clients wait less; empty when
 *     none has output
 * @param shippedBytesRatio bytes on the wire for the same useful work; less than 1 where Lull sends fewer; empty when no
 *     workload has any
 */
record Against(double usefulWorkRatio, OptionalDouble outputDelayRatio, OptionalDouble shippedBytesRatio) {
    /** Lull against {@code rival}; empty when there is no workload on which both ran. */
    static Optional<Against> of(Comparison comparison, String rival) {
        OptionalDouble work =
                mean(comparison, rival, (lull, other) -> over(lull.usefulWorkRatio(), other.usefulWorkRatio()));
        if (work.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Against(
                work.getAsDouble(),
                mean(comparison, rival, (lull, other) -> over(p99Nanos(lull), p99Nanos(other))),
                mean(comparison, rival, (lull, other) -> over(bytesForWork(lull), bytesForWork(other)))));
    }

    private static OptionalDouble mean(
            Comparison comparison, String rival, BiFunction<RunResult, RunResult, OptionalDouble> figure) {
        List<Double> ratios = new ArrayList<>();
        for (String workload : comparison.workloads()) {
            Optional<RunResult> lull = comparison.best(workload, LullPolicy.NAME);
            Optional<RunResult> other = comparison.best(workload, rival);
            if (lull.isPresent() && other.isPresent()) {
                figure.apply(lull.get(), other.get()).ifPresent(ratios::add);
            }
        }
        return ratios.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Comparison.geometricMean(ratios));
    }

    private static double p99Nanos(RunResult run) {
        return run.outputDelay().quantileNanos(0.99);
    }

    private static double bytesForWork(RunResult run) {
        return run.usefulWorkRatio() > 0 ? run.shippedBytesPerSecond() / run.usefulWorkRatio() : 0;
    }

    /** Empty when either is 0: there is nothing to compare then. */
    private static OptionalDouble over(double one, double other) {
        return one > 0 && other > 0 ? OptionalDouble.of(one / other) : OptionalDouble.empty();
    }
}
