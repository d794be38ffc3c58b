package io.lull.policy.watermark;

import static io.lull.policy.rival.TestEpoch.MS;
import static io.lull.policy.rival.TestEpoch.at;
import static io.lull.policy.rival.TestEpoch.hold;
import static io.lull.policy.rival.TestEpoch.report;
import static io.lull.policy.rival.TestEpoch.under;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.Objectives;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.TriggerReason;
import io.lull.policy.trigger.TriggerInput;
import org.junit.jupiter.api.Test;

class DirtyWatermarkPolicyTest {
    private static final Objectives OBJECTIVES = new Objectives(1, 100 * MS, TriggerPlacement.HOST, Targets.NONE);

    private final DirtyWatermarkPolicy policy = new DirtyWatermarkPolicy(DirtyWatermarkSettings.DEFAULT);

    private static long mark(DirtyWatermarkPolicy policy, DirtyWatermarkState state) {
        return policy.plan(state, OBJECTIVES).conditions().dirty().orElseThrow().maxDirtyPages();
    }

    @Test
    void theMarkEndsAnEpochAtAnyAge() {
        DirtyWatermarkPolicy fixed = new DirtyWatermarkPolicy(DirtyWatermarkSettings.fixed(1024));
        TriggerInput epoch = under(fixed.plan(fixed.initialState(), OBJECTIVES));

        epoch.dirtyPages = 1023;
        assertThat(at(epoch, MS)).isEmpty();
        epoch.dirtyPages = 1024;
        assertThat(at(epoch, MS)).contains(TriggerReason.DIRTY_LIMIT);
    }

    @Test
    void belowTheMarkOnlyTheLongestEpochEndsItWhateverWaits() {
        TriggerInput epoch = under(policy.plan(policy.initialState(), OBJECTIVES));
        hold(epoch.sample, 1000);

        assertThat(at(epoch, 100 * MS - 1)).isEmpty();
        assertThat(at(epoch, 100 * MS)).contains(TriggerReason.T_MAX);
    }

    @Test
    void theFirstMarkIsWhatRemusLinkShipsInTheTimeGiven() {
        assertThat(mark(policy, policy.initialState())).isEqualTo(421);
    }

    @Test
    void learnsHowManyPagesShipInTheTimeGiven() {
        DirtyWatermarkState state = policy.initialState();
        for (int i = 0; i < 50; i++) {
            policy.onReport(state, report(25 * MS, 4 * MS, 14 * MS, 1000), OBJECTIVES);
        }

        assertThat(mark(policy, state)).isEqualTo(2500);
        assertThat(state.revision).isPositive();
    }

    @Test
    void aGivenMarkIsNotLearnedAway() {
        DirtyWatermarkPolicy fixed = new DirtyWatermarkPolicy(DirtyWatermarkSettings.fixed(1024));
        DirtyWatermarkState state = fixed.initialState();
        fixed.onReport(state, report(25 * MS, 4 * MS, 14 * MS, 1000), OBJECTIVES);

        assertThat(mark(fixed, state)).isEqualTo(1024);
        assertThat(state.revision).isZero();
    }

    @Test
    void aLinkThatIsTooSlowForAnyPageStillLeavesAMark() {
        DirtyWatermarkState state = policy.initialState();
        state.transfer.transferNanos = 26 * MS;

        assertThat(mark(policy, state)).isEqualTo(1);
    }

    @Test
    void pagesThatCostNothingEndNothing() {
        DirtyWatermarkState state = policy.initialState();
        state.transfer.transferNanosPerPage = 0;
        TriggerInput epoch = under(policy.plan(state, OBJECTIVES));
        epoch.dirtyPages = 10_000_000;

        assertThat(at(epoch, MS)).isEmpty();
    }
}
