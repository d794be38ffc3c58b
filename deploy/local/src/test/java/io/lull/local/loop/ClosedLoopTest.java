package io.lull.local.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.schedule.Operators;
import io.lull.local.loop.SteppedLoop.Defect;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.registry.PolicyRegistry;
import io.lull.policy.sim.SimSettings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Decisions of the real job, carried out by the real worker, end in the very epochs that the simulator predicts: number,
 * reason, time, length, pause, commit, pages, bytes and released frames of each, with no tolerance.
 *
 * <p>Real are the job's scheduling operator with Flink's keyed state, the bytes on the wire in both directions, and the
 * worker's control plane, command filter, trigger loop, forecast and epoch book. Simulated are the guest, the hypervisor,
 * the link, and time. Kafka and the rest of the job are left out, since they know no simulated time: see {@code
 * ClosedLoopOnBrokerTest}.
 */
class ClosedLoopTest {
    private static final long SEED = 20_081;
    private static final long TICK_NANOS = 250_000;
    private static final long TELEMETRY_NANOS = 1_000_000;
    private static final long WORKERS_TICK_NANOS = 500_000;
    private static final long WORKERS_TELEMETRY_NANOS = 10_000_000;

    /** From a sample to what follows from it. */
    private static final long WAY_NANOS = 900_000;

    /** Long enough for both halves of {@code phases}. */
    private static final long RUN_NANOS = 5_500_000_000L;

    private static final SimSettings SETTINGS =
            Trial.settings(TICK_NANOS, Trial.steadyWay(TELEMETRY_NANOS, WAY_NANOS), 0, RUN_NANOS);

    /** Telemetry is silent for three of every four seconds, and a plan's lease is two. */
    private static final SimSettings SILENT = Trial.settings(
            TICK_NANOS,
            Trial.steadyWay(TELEMETRY_NANOS, WAY_NANOS).failing(0, 0, 4_000_000_000L, 3_000_000_000L, 0, 0),
            0,
            2 * RUN_NANOS);

    /** All registered policies but those that need what no telemetry carries, as the job itself says. */
    static Stream<String> policies() {
        PolicyRegistry registry = PolicyRegistry.standard();
        return registry.names().stream()
                .filter(name -> Operators.whyNot(registry, name).isEmpty());
    }

    static Stream<Trial> onTheHost() {
        return policies().flatMap(policy -> Stream.of("closed-10", "disk-8", "mixed-cpu-open", "phases")
                .map(workload -> new Trial(policy, workload, TriggerPlacement.HOST, SEED)));
    }

    /** Of the policies whose plans have anything to look for. */
    static Stream<Trial> inTheJob() {
        return Stream.of(TriggerPlacement.JOB, TriggerPlacement.BOTH)
                .flatMap(placement -> Stream.of("plover.idle", "plover.released", "lull")
                        .flatMap(policy -> Stream.of("closed-10", "mixed-cpu-open", "phases")
                                .map(workload -> new Trial(policy, workload, placement, SEED))));
    }

    static Stream<Trial> withTheWorkersOwnPeriods() {
        return policies().map(policy -> new Trial(policy, "think-30", TriggerPlacement.HOST, SEED));
    }

    /** Where what the policy learns, and when the worker hears of it, decides. */
    static final List<Trial> SENSITIVE = List.of(
            new Trial("lull", "mixed-cpu-open", TriggerPlacement.HOST, SEED),
            new Trial("plover.idle", "phases", TriggerPlacement.JOB, SEED));

    private static List<Epoch> looped(Trial trial, SimSettings settings, Defect defect) throws Exception {
        try (SteppedLoop loop = new SteppedLoop(trial, settings, defect)) {
            return loop.run();
        }
    }

    /** The first epoch in which the two differ, in words; empty when they are the same. */
    private static Optional<String> difference(List<Epoch> predicted, List<Epoch> actual) {
        int both = Math.min(predicted.size(), actual.size());
        for (int i = 0; i < both; i++) {
            if (!predicted.get(i).equals(actual.get(i))) {
                return Optional.of("at epoch " + (i + 1) + " of " + predicted.size() + " and " + actual.size()
                        + ":\n  predicted " + predicted.get(i) + "\n  actual    " + actual.get(i));
            }
        }
        return predicted.size() == actual.size()
                ? Optional.empty()
                : Optional.of(predicted.size() + " epochs were predicted, there are " + actual.size());
    }

    private static List<Epoch> agrees(Trial trial, SimSettings settings) throws Exception {
        List<Epoch> predicted = trial.predicted(settings);
        List<Epoch> actual = looped(trial, settings, Defect.NONE);

        assertThat(difference(predicted, actual)).as(trial.toString()).isEmpty();
        Map<TriggerReason, Integer> reasons = new TreeMap<>();
        actual.forEach(epoch -> reasons.merge(epoch.reason(), 1, Integer::sum));
        System.out.println("closed loop, equal epoch by epoch: " + trial + ": " + actual.size() + " " + reasons);
        return actual;
    }

    @ParameterizedTest
    @MethodSource("onTheHost")
    void epochsOfATriggerOnTheHostAreThosePredicted(Trial trial) throws Exception {
        assertThat(agrees(trial, SETTINGS)).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @MethodSource("inTheJob")
    void epochsOfATriggerInTheJobAreThosePredicted(Trial trial) throws Exception {
        assertThat(agrees(trial, SETTINGS)).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @MethodSource("withTheWorkersOwnPeriods")
    void epochsArePredictedForTheTickAndTheTelemetryThatWorkersHave(Trial trial) throws Exception {
        long telemetryNanos = trial.policy().equals("lull") ? TELEMETRY_NANOS : WORKERS_TELEMETRY_NANOS;
        agrees(trial, Trial.settings(WORKERS_TICK_NANOS, Trial.steadyWay(telemetryNanos, WAY_NANOS), 0, RUN_NANOS / 2));
    }

    private static Trial lull() {
        return new Trial("lull", "think-30", TriggerPlacement.HOST, SEED);
    }

    @Test
    void epochsArePredictedWhileTelemetryIsSilentAndTheLeaseIsOver() throws Exception {
        assertThat(agrees(lull(), SILENT)).extracting(Epoch::reason).contains(TriggerReason.FALLBACK);
    }

    @ParameterizedTest
    @EnumSource(value = Defect.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aMistakeInTheLoopIsNoticed(Defect defect) throws Exception {
        List<String> noticed = new ArrayList<>();
        for (Trial trial : SENSITIVE) {
            difference(trial.predicted(SETTINGS), looped(trial, SETTINGS, defect))
                    .ifPresent(where -> noticed.add(trial + ": " + where));
        }
        System.out.println("closed loop, " + defect + " is noticed by " + noticed);
        assertThat(noticed).isNotEmpty();
    }

    @Test
    void everyReasonButHeldWatermarkAndDivergenceIsSeenInSomeTrial() throws Exception {
        Set<TriggerReason> seen = EnumSet.noneOf(TriggerReason.class);
        for (Trial trial : Stream.concat(onTheHost(), inTheJob()).toList()) {
            trial.predicted(SETTINGS).forEach(epoch -> seen.add(epoch.reason()));
        }
        withTheWorkersOwnPeriods()
                .forEach(trial -> trial.predicted(SETTINGS).forEach(epoch -> seen.add(epoch.reason())));
        lull().predicted(SILENT).forEach(epoch -> seen.add(epoch.reason()));

        // No standard guest sends 8 MiB in an epoch, and none has a second one that executes.
        assertThat(seen)
                .isEqualTo(EnumSet.complementOf(EnumSet.of(TriggerReason.HELD_WATERMARK, TriggerReason.DIVERGENCE)));
    }
}
