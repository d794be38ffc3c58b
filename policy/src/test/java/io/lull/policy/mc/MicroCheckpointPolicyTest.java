package io.lull.policy.mc;

import static io.lull.policy.rival.TestEpoch.MS;
import static io.lull.policy.rival.TestEpoch.at;
import static io.lull.policy.rival.TestEpoch.report;
import static io.lull.policy.rival.TestEpoch.under;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Objectives;
import io.lull.policy.TriggerReason;
import io.lull.policy.trigger.TriggerInput;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MicroCheckpointPolicyTest {
    private final MicroCheckpointPolicy policy = new MicroCheckpointPolicy(MicroCheckpointSettings.DEFAULT);
    private final MicroCheckpointState state = policy.initialState();

    /** The epoch after a checkpoint that stood still for {@code downMillis} and was acknowledged as long after. */
    private TriggerInput epochAfter(long downMillis, long transmitMillis) {
        policy.onReport(
                state, report(100 * MS, downMillis * MS, (downMillis + transmitMillis) * MS, 10), Objectives.DEFAULT);
        TriggerInput epoch = under(policy.plan(state, Objectives.DEFAULT));
        epoch.lastPauseNanos = downMillis * MS;
        return epoch;
    }

    private static void runsFor(TriggerInput epoch, long nanos) {
        assertThat(at(epoch, nanos - 1)).isEmpty();
        assertThat(at(epoch, nanos)).contains(TriggerReason.INTERVAL);
    }

    @Test
    void beforeTheFirstCheckpointItSleepsForTheWholeDelay() {
        runsFor(under(policy.plan(state, Objectives.DEFAULT)), 100 * MS);
    }

    @Test
    void theSleepIsShorterByTheDowntime() {
        runsFor(epochAfter(10, 0), 90 * MS);
    }

    @Test
    void theSleepBeginsWhenTheCheckpointIsAcknowledged() {
        runsFor(epochAfter(10, 30), 120 * MS);
    }

    @Test
    void aDowntimeAboveHalfOfTheDelayLeavesLessThanHalfToRun() {
        runsFor(epochAfter(80, 0), 20 * MS);
    }

    @Test
    void aDowntimeAboveTheDelayLeavesNoSleepAtAll() {
        runsFor(epochAfter(150, 7), 7 * MS);
        assertThat(at(epochAfter(150, 0), 0)).contains(TriggerReason.INTERVAL);
    }

    @Test
    void theGuestRunsAsLongAsThePublishedLoopLetsIt() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            long down = random.nextInt(150);
            long transmit = random.nextInt(4) * (long) random.nextInt(60);
            long waitMillis = down <= 100 ? 100 - down : 0;
            TriggerInput epoch = epochAfter(down, transmit);
            long runNanos = Math.max(1, (transmit + waitMillis) * MS);

            assertThat(at(epoch, runNanos - 1))
                    .as("down " + down + ", transmit " + transmit + ", seed " + seed)
                    .satisfies(reason -> assertThat(reason.isPresent()).isEqualTo(runNanos == 1));
            assertThat(at(epoch, runNanos))
                    .as("down " + down + ", transmit " + transmit + ", seed " + seed)
                    .isPresent();
        }
    }

    @Test
    void thePlanChangesOnlyWithWholeMilliseconds() {
        policy.onReport(state, report(100 * MS, 10 * MS, 12 * MS, 10), Objectives.DEFAULT);
        assertThat(state.revision).isEqualTo(1);
        policy.onReport(state, report(100 * MS, 10 * MS + 900_000, 13 * MS, 10), Objectives.DEFAULT);
        assertThat(state.revision).isEqualTo(1);
        policy.onReport(state, report(100 * MS, 11 * MS, 13 * MS, 10), Objectives.DEFAULT);
        assertThat(state.revision).isEqualTo(2);
    }
}
