package io.lull.policy.sim;

import static io.lull.policy.sim.Trial.MS;
import static io.lull.policy.sim.Trial.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.rival.Candidate;
import io.lull.policy.rival.Rivals;
import org.junit.jupiter.api.Test;

/** Clients that come in short rushes beside background work: silent epochs must not grow at their expense. */
class RushTest {
    private static final Targets TARGETS = Targets.outputDelay(25 * MS);
    private static final long MAX_NANOS = 500 * MS;
    private static final Scenario RUSH =
            new Scenario(Trial.standard("rush"), CostModel.kvm(), SimSettings.DEFAULT.lasting(3 * SECOND, 8 * SECOND), 1);

    @Test
    void lullDoesWhatGerofiDoesInItsBestSettingThere() {
        Objectives objectives = new Objectives(25 * MS, MAX_NANOS, TriggerPlacement.HOST, TARGETS);
        double gerofi = 0;
        for (Candidate candidate : Rivals.named("gerofi", objectives)) {
            gerofi = Math.max(gerofi, RUSH.run(candidate).scoreRatio());
        }
        RunResult lull = RUSH.run(Trial.lull(MAX_NANOS, TARGETS));

        assertThat(lull.scoreRatio()).isGreaterThanOrEqualTo(0.95 * gerofi);
    }

    @Test
    void lullEndsSilentEpochsBeforeTheLongestThatIsAllowed() {
        RunResult lull = RUSH.run(Trial.lull(MAX_NANOS, TARGETS));

        assertThat(lull.epochs())
                .allSatisfy(epoch -> assertThat(epoch.lengthNanos()).isLessThan(MAX_NANOS / 2));
        assertThat(lull.reasons()).containsKeys(TriggerReason.IDLE_SLOT, TriggerReason.T_MAX);
    }
}
