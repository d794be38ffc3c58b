package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.TriggerReason;
import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Schedule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The write faults after a checkpoint: the guest runs and gets nothing done. */
class StallTest {
    private static final long PAUSE = Runs.MILLI;
    private static final long STALL = 10 * Runs.MILLI;
    private static final CostModel COST =
            new CostModel("stalling", 0, PAUSE, 0, STALL, 0, 0, 0, 0, 1_000_000_000, 0, 0, 2);

    private final SimulatedVm vm = new SimulatedVm(
            new Workload(
                    "cpu",
                    1,
                    List.of(new Background(Schedule.ALWAYS, 1)),
                    new PowerLawDirty(0, 100, 0.5, 1_000),
                    0,
                    0,
                    Workload.ORDINARY),
            COST,
            1,
            false);

    @Test
    void aStalledGuestLooksBusyAndGetsNothingDone() {
        Sampler sampler = new Sampler(vm);
        checkpointAt(5 * Runs.MILLI);
        vm.runUntil(6 * Runs.MILLI);
        double before = vm.guest.stations[0].backgroundNanos;
        sampler.sample();

        vm.runUntil(16 * Runs.MILLI);

        assertThat(sampler.sample().busyRatio).isCloseTo(1, within(1e-9));
        assertThat(vm.guest.stations[0].backgroundNanos).isEqualTo(before);
        vm.runUntil(17 * Runs.MILLI);
        assertThat(vm.guest.stations[0].backgroundNanos).isCloseTo(before + Runs.MILLI, within(1.0));
    }

    @Test
    void aPauseWithinAStallDoesNotEndIt() {
        checkpointAt(5 * Runs.MILLI);
        checkpointAt(10 * Runs.MILLI);

        vm.runUntil(100 * Runs.MILLI);

        long lost = 2 * (PAUSE + STALL);
        assertThat(vm.guest.stations[0].backgroundNanos).isCloseTo(100.0 * Runs.MILLI - lost, within(1.0));
    }

    private void checkpointAt(long atNanos) {
        vm.runUntil(atNanos);
        vm.checkpoint(TriggerReason.INTERVAL, 1);
    }
}
