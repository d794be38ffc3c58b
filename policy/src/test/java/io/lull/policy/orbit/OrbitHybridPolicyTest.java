package io.lull.policy.orbit;

import static io.lull.policy.rival.TestEpoch.MS;
import static io.lull.policy.rival.TestEpoch.at;
import static io.lull.policy.rival.TestEpoch.hold;
import static io.lull.policy.rival.TestEpoch.ofLength;
import static io.lull.policy.rival.TestEpoch.under;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.Signal;
import io.lull.policy.TriggerReason;
import io.lull.policy.trigger.TriggerInput;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrbitHybridPolicyTest {
    private final OrbitHybridPolicy policy = new OrbitHybridPolicy(OrbitHybridSettings.DEFAULT);
    private final OrbitHybridState state = policy.initialState();

    private void epochs(int count, long lengthNanos) {
        for (int i = 0; i < count; i++) {
            policy.onReport(state, ofLength(lengthNanos), Objectives.DEFAULT);
        }
    }

    private EpochPlan plan() {
        return policy.plan(state, Objectives.DEFAULT);
    }

    private boolean isPassive() {
        return plan().maxEpochNanos() == 250 * MS;
    }

    @Test
    void needsABackupThatExecutes() {
        assertThat(policy.requires()).contains(Signal.DIVERGENCE);
    }

    @Test
    void aDivergenceEndsAnEpochFromThreeMillisecondsOn() {
        TriggerInput epoch = under(plan());
        epoch.sample.divergedPackets = 1;

        assertThat(at(epoch, 3 * MS - 1)).isEmpty();
        assertThat(at(epoch, 3 * MS)).contains(TriggerReason.DIVERGENCE);
    }

    @Test
    void withoutADivergenceAnEpochLastsTenSeconds() {
        TriggerInput epoch = under(plan());
        hold(epoch.sample, 1000);

        assertThat(at(epoch, 10_000 * MS - 1)).isEmpty();
        assertThat(at(epoch, 10_000 * MS)).contains(TriggerReason.T_MAX);
    }

    @Test
    void fiveShortEpochsMakeItPassive() {
        epochs(4, 20 * MS);
        assertThat(isPassive()).isFalse();
        epochs(1, 20 * MS);
        assertThat(isPassive()).isTrue();
        assertThat(state.revision).isEqualTo(1);
    }

    @Test
    void theMeanBeginsAtZeroSoThatFiveEpochsOf480MillisecondsAreShort() {
        epochs(5, 480 * MS);
        assertThat(isPassive()).isTrue();
    }

    @Test
    void fiveEpochsOf481MillisecondsAreNot() {
        epochs(5, 481 * MS);
        assertThat(isPassive()).isFalse();
    }

    @Test
    void oneShortEpochAmongLongOnesChangesNothing() {
        epochs(5, 2000 * MS);
        epochs(1, 5 * MS);

        assertThat(isPassive()).isFalse();
    }

    @Test
    void thePassiveModeIsAFixedIntervalThatNoDivergenceEnds() {
        epochs(5, 20 * MS);
        TriggerInput epoch = under(plan());
        epoch.sample.divergedPackets = 1;

        assertThat(at(epoch, 250 * MS - 1)).isEmpty();
        assertThat(at(epoch, 250 * MS)).contains(TriggerReason.INTERVAL);
    }

    @Test
    void afterAHundredPassiveEpochsItTriesAgain() {
        epochs(5, 20 * MS);
        epochs(99, 250 * MS);
        assertThat(isPassive()).isTrue();

        epochs(1, 250 * MS);
        assertThat(isPassive()).isFalse();
        assertThat(state.meanNanos).isZero();
        epochs(4, 20 * MS);
        assertThat(isPassive()).isFalse();
        epochs(1, 20 * MS);
        assertThat(isPassive()).isTrue();
    }

    @Test
    void theModeIsThatOfThePublishedLoopForAnyLengths() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int passive = 0;
        double mean = 0;
        int n = 0;
        for (int i = 0; i < 20_000; i++) {
            long elapsed = passive > 0 ? 250 : 3 + random.nextInt(random.nextInt(20) == 0 ? 10_000 : 800);
            mean = 0.7 * mean + 0.3 * elapsed;
            n++;
            if (passive > 0) {
                passive--;
                if (passive == 0) {
                    mean = 0;
                    n = 0;
                }
            } else if (n >= 5 && mean < 400 - 1e-6) {
                passive = 100;
            }
            epochs(1, elapsed * MS);
            assertThat(isPassive()).as("epoch " + i + ", seed " + seed).isEqualTo(passive > 0);
        }
    }
}
