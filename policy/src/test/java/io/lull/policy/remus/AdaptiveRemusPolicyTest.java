package io.lull.policy.remus;

import static io.lull.policy.rival.TestEpoch.MS;
import static io.lull.policy.rival.TestEpoch.at;
import static io.lull.policy.rival.TestEpoch.under;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.EpochPlan;
import io.lull.policy.Objectives;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.SampleView;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdaptiveRemusPolicyTest {
    private static final AdaptiveRemusSettings SETTINGS =
            new AdaptiveRemusSettings(25 * MS, 100 * MS, 100, 50, 1000 * MS, 2);

    private final AdaptiveRemusPolicy policy = new AdaptiveRemusPolicy(SETTINGS);
    private final AdaptiveRemusState state = policy.initialState();

    private void window(long packets) {
        SampleView sample = new SampleView();
        sample.intervalNanos = 100 * MS;
        for (int i = 0; i < 10; i++) {
            sample.txPackets = packets / 10 + (i < packets % 10 ? 1 : 0);
            policy.onSample(state, sample, Objectives.DEFAULT);
        }
    }

    private long intervalNanos() {
        EpochPlan plan = policy.plan(state, Objectives.DEFAULT);
        assertThat(plan.conditions().isEmpty()).isTrue();
        return plan.maxEpochNanos();
    }

    @Test
    void aGuestOfWhichNothingIsKnownGetsTheLongInterval() {
        assertThat(intervalNanos()).isEqualTo(100 * MS);
    }

    @Test
    void muchOutputForTwoWindowsShortensTheInterval() {
        window(100);
        assertThat(intervalNanos()).isEqualTo(100 * MS);
        assertThat(state.revision).isZero();

        window(100);
        assertThat(intervalNanos()).isEqualTo(25 * MS);
        assertThat(state.revision).isEqualTo(1);
    }

    @Test
    void littleOutputForTwoWindowsLengthensItAgain() {
        window(500);
        window(500);

        window(50);
        assertThat(intervalNanos()).isEqualTo(25 * MS);
        window(50);
        assertThat(intervalNanos()).isEqualTo(100 * MS);
        assertThat(state.revision).isEqualTo(2);
    }

    @Test
    void anAbsurdSampleEndsTheWindowThatItFallsInAndNoMore() {
        SampleView absurd = new SampleView();
        absurd.intervalNanos = 10 * MS;
        absurd.txPackets = Long.MAX_VALUE;
        policy.onSample(state, absurd, Objectives.DEFAULT);
        absurd.intervalNanos = Long.MAX_VALUE;
        policy.onSample(state, absurd, Objectives.DEFAULT);
        assertThat(state.windowNanos).isZero();

        window(500);
        window(500);
        assertThat(intervalNanos()).isEqualTo(25 * MS);
    }

    @Test
    void aWindowOfTheOtherKindTakesTheVotesAway() {
        window(500);
        window(0);
        window(500);

        assertThat(intervalNanos()).isEqualTo(100 * MS);
    }

    @Test
    void aWindowBetweenTheThresholdsLeavesVotesAndModeAsTheyAre() {
        window(500);
        window(75);
        assertThat(intervalNanos()).isEqualTo(100 * MS);

        window(500);
        assertThat(intervalNanos()).isEqualTo(25 * MS);
    }

    @Test
    void theIntervalCountsFromTheStartOfThePauseBefore() {
        var epoch = under(policy.plan(state, Objectives.DEFAULT));
        epoch.lastPauseNanos = 10 * MS;

        assertThat(at(epoch, 90 * MS - 1)).isEmpty();
        assertThat(at(epoch, 90 * MS)).contains(TriggerReason.INTERVAL);
    }

    @Test
    void theModeIsThatOfThePublishedRuleForAnyTraffic() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int net = 0;
        int proc = 0;
        boolean network = false;
        for (int i = 0; i < 2000; i++) {
            long packets = random.nextInt(200);
            window(packets);
            if (packets >= 100) {
                net++;
                proc = 0;
            } else if (packets <= 50) {
                proc++;
                net = 0;
            }
            network = net >= 2 || (proc < 2 && network);
            assertThat(state.network).as("window " + i + ", seed " + seed).isEqualTo(network);
        }
    }

    @Test
    void thresholdsAndIntervalsInTheWrongOrderAreRefused() {
        assertThatThrownBy(() -> new AdaptiveRemusSettings(25, 100, 50, 50, 1, 1))
                .hasMessageContaining("highPacketsPerSecond");
        assertThatThrownBy(() -> new AdaptiveRemusSettings(101, 100, 50, 20, 1, 1))
                .hasMessageContaining("networkIntervalNanos");
    }
}
