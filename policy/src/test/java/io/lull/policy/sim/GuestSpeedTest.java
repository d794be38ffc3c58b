package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Requests;
import io.lull.policy.sim.Activity.Schedule;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** How fast an unprotected simulated guest is. */
class GuestSpeedTest {
    private static final DirtyModel PAGES = new PowerLawDirty(40, 200, 0.35, 60_000);

    @Test
    void fourThreadsShareTwoVcpus() {
        Progress done = after(Runs.SECOND, 2, new Background(Schedule.ALWAYS, 4));

        // Less the timers: 0.05 ms each 4 ms, of which two vCPUs with five who want them bear their share.
        assertThat(done.backgroundNanosPerActivity()[0]).isCloseTo(2.0 * Runs.SECOND, within(0.02 * Runs.SECOND));
    }

    @Test
    void aThreadHasNoMoreThanOneVcpu() {
        Progress done = after(Runs.SECOND, 8, new Background(Schedule.ALWAYS, 1));

        assertThat(done.backgroundNanosPerActivity()[0]).isCloseTo(1.0 * Runs.SECOND, within(1_000.0));
    }

    @Test
    void aSaturatedServerAnswersAsFastAsItsVcpusWork() {
        Progress done = after(20 * Runs.SECOND, 2, Requests.closedLoop(50, 8, Runs.MILLI));

        assertThat(done.answers() / 20).isCloseTo(2_000, Percentage.withPercentage(3));
    }

    @Test
    void aLoneClientWaitsForTheServiceAndTheRoundTrip() {
        Progress done = after(20 * Runs.SECOND, 2, Requests.closedLoop(1, 1, 400_000));

        assertThat(done.answers() / 20).isCloseTo(2_000, Percentage.withPercentage(3));
    }

    private static Progress after(long nanos, int vcpus, Activity activity) {
        SimulatedVm vm =
                new SimulatedVm(Workload.of("guest", vcpus, PAGES, activity), CostModel.kvm(), Runs.SEED, true);
        vm.runUntil(nanos);
        return Progress.of(vm.guest);
    }
}
