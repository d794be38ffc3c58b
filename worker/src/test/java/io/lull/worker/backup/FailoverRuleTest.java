package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailoverRuleTest {
    private static final FailoverRule.Basis COMMITTED = new FailoverRule.Basis(OptionalLong.of(9), Optional.empty());

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
    void needsAnImageThatIsFitToBeRun() {
        FailoverRule.Basis stale = new FailoverRule.Basis(OptionalLong.of(9), Optional.of("output may have left"));
        FailoverRule.Verdict verdict = decide(FailoverMode.AUTO, LossKind.RESET, stale, OnBackupLoss.HOLD_OUTPUT, true);

        assertThat(verdict).isEqualTo(new FailoverRule.Verdict(false, "output may have left"));
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
            FailoverMode mode, LossKind loss, FailoverRule.Basis basis, OnBackupLoss onLoss, boolean fenced) {
        return FailoverRule.decide(new FailoverRule.Situation(mode, loss, basis, onLoss, fenced));
    }
}
