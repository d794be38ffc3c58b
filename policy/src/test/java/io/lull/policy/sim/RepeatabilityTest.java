package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.TriggerReason;
import io.lull.policy.rival.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One seed is one run. */
class RepeatabilityTest {
    private static final ControlPath FAULTY = ControlPath.MEASURED.failing(
            0.2, 0.2, 700 * Runs.MILLI, 60 * Runs.MILLI, 400 * Runs.MILLI, 30 * Runs.MILLI);

    static Stream<Named<Workload>> workloads() {
        return Stream.concat(Workloads.standard().stream(), PublishedWorkloads.all().stream())
                .map(workload -> Named.of(workload.name(), workload));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void twoRunsFromOneSeedAreEqualInEveryFigure(Workload workload) {
        assertThat(run(workload, 7)).usingRecursiveComparison().isEqualTo(run(workload, 7));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void anotherSeedIsAnotherRun(Workload workload) {
        RunResult one = run(workload, 7);
        RunResult other = run(workload, 8);

        assertThat(one.epochs()).isNotEqualTo(other.epochs());
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void aForkGoesOnExactlyLikeTheOriginal(Workload workload) {
        SimulatedVm original = new SimulatedVm(workload, CostModel.kvm(), 7, false);
        drive(original, 1_000 * Runs.MILLI + 130_000, new ArrayList<>());
        SimulatedVm fork = new SimulatedVm(workload, CostModel.kvm(), 8, false);
        drive(fork, 300 * Runs.MILLI, new ArrayList<>());

        fork.copyFrom(original);
        List<String> ofFork = new ArrayList<>();
        drive(fork, 2_000 * Runs.MILLI, ofFork);
        List<String> ofOriginal = new ArrayList<>();
        drive(original, 2_000 * Runs.MILLI, ofOriginal);

        assertThat(ofFork).isEqualTo(ofOriginal).hasSizeGreaterThan(20);
        assertThat(Progress.of(fork.guest)).usingRecursiveComparison().isEqualTo(Progress.of(original.guest));
        assertThat(fork.outputDelay).usingRecursiveComparison().isEqualTo(original.outputDelay);
    }

    private static RunResult run(Workload workload, long seed) {
        SimSettings settings = SimSettings.DEFAULT
                .lasting(200 * Runs.MILLI, 1_500 * Runs.MILLI)
                .over(FAULTY);
        Candidate candidate = Runs.idleSlots(20 * Runs.MILLI);
        return Simulation.run(workload, CostModel.kvm(), candidate, settings, seed);
    }

    /** Checkpoints whenever 7 ms have passed and the VM is ready; writes down every commit. */
    private static void drive(SimulatedVm vm, long untilNanos, List<String> commits) {
        vm.listen((done, packets, held) -> commits.add(done.epoch + " paused at " + done.pausedAt + " for "
                + done.pauseNanos + ", " + done.dirtyPages + " pages, " + done.shippedBytes + " bytes, committed at "
                + done.commitAt + ", released " + packets + ", oldest " + held + ", slot " + done.inSlot));
        while (vm.nowNanos() < untilNanos) {
            vm.runUntil(Math.min(untilNanos, vm.nowNanos() + 250_000));
            if (vm.isReady() && vm.elapsedNanos() >= 7 * Runs.MILLI) {
                vm.checkpoint(TriggerReason.INTERVAL, 0.5);
            }
        }
    }
}
