package io.lull.worker.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.policy.Decision;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.record.Explanation.Source;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplanationsTest {
    private static final EpochReport DECIDED = Values.report(7, 5, TriggerReason.IDLE_SLOT, 2_000_000);
    private static final EpochReport ALONE = Values.report(8, 0, TriggerReason.FALLBACK, 3_000_000);
    private static final EpochReport ORPHAN = Values.report(9, 6, TriggerReason.COMMAND, 4_000_000);
    private static final List<EpochReport> REPORTS = List.of(ORPHAN, DECIDED, ALONE);
    private static final List<Decision> DECISIONS = List.of(Values.decision(5, 1_998_500), Values.decision(4, 17));

    @Test
    void joinsAReportWithTheDecisionOfItsId() {
        assertThat(explain(new EpochChoice.Numbered(7)))
                .containsExactly(new Explanation(DECIDED, Source.DECISION, Optional.of(DECISIONS.get(0))));
    }

    @Test
    void theNewestComeOldestFirst() {
        assertThat(explain(new EpochChoice.Last(2)))
                .containsExactly(
                        new Explanation(ALONE, Source.WORKER, Optional.empty()),
                        new Explanation(ORPHAN, Source.NOT_FOUND, Optional.empty()));
        assertThat(explain(new EpochChoice.Last(50))).hasSize(3);
    }

    @Test
    void ofTwoSessionsTheNewerEpochIsMeant() {
        EpochReport newer = Values.report(7, 0, TriggerReason.INTERVAL, 9_000_000);
        assertThat(Explanations.of(List.of(newer, DECIDED), DECISIONS, new EpochChoice.Numbered(7)))
                .extracting(Explanation::report)
                .containsExactly(newer);
    }

    @Test
    void anEpochThatIsNotThereIsNotExplained() {
        assertThat(explain(new EpochChoice.Numbered(99))).isEmpty();
    }

    @Test
    void aRecordingHasNoDecisionsAndThatIsSaid() {
        assertThat(Explanations.ofReportsAlone(REPORTS, new EpochChoice.Last(3)))
                .extracting(Explanation::source)
                .containsExactly(Source.NOT_READ, Source.WORKER, Source.NOT_READ);
    }

    @Test
    void theTextTellsReasonDecisionAndCosts() {
        assertThat(ExplanationText.of(explain(new EpochChoice.Numbered(7)))).isEqualTo("""
                        epoch 7 of web-1 on host-a, ended 1970-01-01T00:00:02Z after 8.200 ms of guest time: IDLE_SLOT
                          why        an idle slot: all that was asked had been answered, so a pause cost nothing
                          decided by decision 5 of policy plover.idle (PLAN), 1.500 ms before the pause, seeing epoch 3
                          because    idle slots end epochs; clamped to 25 ms
                          it saw     busyRatio 0.2500, heldBytes 1200
                          it weighed plan, none
                          guards     clamp
                          trigger    0.012 ms from signal to decision, 0.400 ms from there to the pause, vCPUs 25 % busy before
                          pause      2.510 ms = 0.400 ms stop + 2.000 ms pages + 0.050 ms device state + 0.060 ms resume; 0.090 ms of it the worker's own
                          output     10 frames of 1200 bytes released, held for 9.300 ms at most
                          shipped    10 dirty pages, 5000 bytes on the wire, acknowledged 3.100 ms after the pause began
                        """);
    }

    @Test
    void theTextSaysWhenTheWorkerDecidedAlone() {
        assertThat(ExplanationText.of(explain(new EpochChoice.Numbered(8))))
                .contains("decided by the worker alone, without a decision of the job\n")
                .contains("no plan of the job held")
                .doesNotContain("it saw");
    }

    @Test
    void theTextSaysWhenTheDecisionIsMissing() {
        assertThat(ExplanationText.of(explain(new EpochChoice.Numbered(9))))
                .contains("decision 6 of the job, which is not among those that were read");
    }

    @ParameterizedTest
    @EnumSource(TriggerReason.class)
    void everyReasonHasASentence(TriggerReason reason) {
        assertThat(ExplanationText.sentence(reason)).isNotBlank().doesNotContain("\n");
    }

    @Test
    void theJsonHasTheReportAndTheDecision() {
        JsonNode json = ExplanationJson.of(explain(new EpochChoice.Last(3)));
        assertThat(json).hasSize(3);
        assertThat(json.at("/0/decidedBy").asText()).isEqualTo("DECISION");
        assertThat(json.at("/0/decision/inputs/busyRatio").asDouble()).isEqualTo(0.25);
        assertThat(json.at("/0/decision/reason/1").asText()).isEqualTo("clamped to 25 ms");
        assertThat(json.at("/0/report/pause/captureNanos").asLong()).isEqualTo(2_000_000);
        assertThat(json.at("/0/report/held/maxWaitNanos").asLong()).isEqualTo(9_300_000);
        assertThat(json.at("/1/decidedBy").asText()).isEqualTo("WORKER");
        assertThat(json.at("/1").has("decision")).isFalse();
    }

    @Test
    void refusesADecisionThatTheSourceDenies() {
        assertThatThrownBy(() -> new Explanation(ALONE, Source.DECISION, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("epoch 8");
        assertThatThrownBy(() -> new EpochChoice.Last(0)).hasMessageContaining("must be positive");
    }

    private static List<Explanation> explain(EpochChoice choice) {
        return Explanations.of(REPORTS, DECISIONS, choice);
    }
}
