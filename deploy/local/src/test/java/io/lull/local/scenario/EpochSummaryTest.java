package io.lull.local.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.TriggerReason;
import io.lull.policy.signal.EpochReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sums of epochs, on numbers that can be done in the head. */
class EpochSummaryTest {
    @Test
    void quantilesAreValuesThatWereSeen() {
        List<EpochReport> reports = new ArrayList<>();
        for (int i = 100; i >= 1; i--) {
            reports.add(Epochs.of(i, TriggerReason.INTERVAL, i, i, 1));
        }

        EpochSummary summary = EpochSummary.of(reports);

        assertThat(summary.epochs()).isEqualTo(100);
        assertThat(summary.lengthP50Millis()).isEqualTo(51);
        assertThat(summary.lengthP99Millis()).isEqualTo(100);
        assertThat(summary.dirtyPagesP50()).isEqualTo(51);
        assertThat(summary.pauseP50Millis()).isEqualTo(4);
        assertThat(summary.stopP50Millis()).isEqualTo(1);
        assertThat(summary.captureP50Millis()).isEqualTo(2);
        assertThat(summary.commitP99Millis()).isEqualTo(5);
    }

    @Test
    void theRatioIsOfTheSumsAndNotTheMeanOfRatios() {
        EpochSummary summary = EpochSummary.of(List.of(Epochs.of(1, 1, 4096), Epochs.of(2, 9, 1024)));

        assertThat(summary.writtenBytes()).isEqualTo(40_960);
        assertThat(summary.deltaBytes()).isEqualTo(10_240);
        assertThat(summary.shippedBytes()).isEqualTo(5_120);
        assertThat(summary.ratio()).isEqualTo(8);
        assertThat(EpochSummary.of(List.of(Epochs.of(1, 9, 5_000))).ratio()).isLessThan(8);
    }

    @Test
    void reasonsAreCountedByName() {
        EpochSummary summary = EpochSummary.of(List.of(
                Epochs.of(1, TriggerReason.IDLE_SLOT, 1, 1, 1),
                Epochs.of(2, TriggerReason.FALLBACK, 1, 1, 1),
                Epochs.of(3, TriggerReason.IDLE_SLOT, 1, 1, 1)));

        assertThat(summary.reasons()).isEqualTo(Map.of("FALLBACK", 1L, "IDLE_SLOT", 2L));
    }

    @Test
    void noEpochsAreNoSummary() {
        assertThatThrownBy(() -> EpochSummary.of(List.of())).hasMessageContaining("no epochs");
    }
}
