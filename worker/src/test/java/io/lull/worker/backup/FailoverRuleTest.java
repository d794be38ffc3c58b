package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailoverRuleTest {
    private static final OptionalLong COMMITTED = OptionalLong.of(9);

    @ParameterizedTest
    @EnumSource(LossKind.class)
    void takesOverOnlyWhenThePrimaryMayBeDead(LossKind loss) {
        FailoverRule.Verdict verdict = decide(FailoverMode.AUTO, loss, COMMITTED, OnBackupLoss.HOLD_OUTPUT, false);

        boolean mayBeDead = loss == LossKind.END_OF_STREAM || loss == LossKind.RESET || loss == LossKind.SILENCE;
        assertThat(verdict.takeOver()).isEqualTo(mayBeDead);
        assertThat(verdict.reason()).contains(loss.name());
    }

    @Test
    void leavesAManualFailoverToTheOperator() {
        assertThat(decide(FailoverMode.MANUAL, LossKind.RESET, COMMITTED, OnBackupLoss.HOLD_OUTPUT, true)
                        .reason())
                .contains("manual");
    }

    @Test
    void needsACommittedEpoch() {
        FailoverRule.Verdict verdict =
                decide(FailoverMode.AUTO, LossKind.RESET, OptionalLong.empty(), OnBackupLoss.HOLD_OUTPUT, true);

        assertThat(verdict.takeOver()).isFalse();
        assertThat(verdict.reason()).contains("no epoch");
    }

    @Test
    void needsAFenceAgainstAPrimaryThatGoesOnAlone() {
        FailoverRule.Verdict bare =
                decide(FailoverMode.AUTO, LossKind.SILENCE, COMMITTED, OnBackupLoss.GO_ON_UNPROTECTED, false);
        FailoverRule.Verdict fenced =
                decide(FailoverMode.AUTO, LossKind.SILENCE, COMMITTED, OnBackupLoss.GO_ON_UNPROTECTED, true);

        assertThat(bare.takeOver()).isFalse();
        assertThat(bare.reason()).contains("both could run");
        assertThat(fenced.takeOver()).isTrue();
    }

    private static FailoverRule.Verdict decide(
            FailoverMode mode, LossKind loss, OptionalLong epoch, OnBackupLoss onLoss, boolean fenced) {
        return FailoverRule.decide(new FailoverRule.Situation(mode, loss, epoch, onLoss, fenced));
    }
}
