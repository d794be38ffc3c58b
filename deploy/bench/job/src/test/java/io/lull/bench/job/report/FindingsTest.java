package io.lull.bench.job.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
    @Test
    void aClaimHoldsOnItsSideOfTheBoundAndAtIt() {
        assertThat(Check.atMost("ratio", 1.3, 1.3).holds()).isTrue();
        assertThat(Check.atMost("ratio", 1.31, 1.3).holds()).isFalse();
        assertThat(Check.atLeast("rate", 300, 300).holds()).isTrue();
        assertThat(Check.atLeast("rate", 299, 300).holds()).isFalse();
    }

    @Test
    void whatWasNotMeasuredHoldsNoClaim() {
        assertThat(Check.atMost("ratio", Double.NaN, 1.3).holds()).isFalse();
        assertThat(Check.atLeast("rate", Double.NaN, 1.3).holds()).isFalse();
    }

    @Test
    void sayWhichClaimsAreMissedAndByHowMuch() {
        Findings findings = new Findings();
        findings.add(Check.atMost("p50 over relay", 1.1, 1.3));
        findings.add(Check.atMost("p99 over relay", 1.8, 1.5));

        assertThat(findings.missed()).extracting(Check::claim).containsExactly("p99 over relay");
        assertThat(findings.toText())
                .contains("holds: p50 over relay is 1.100, at most 1.300 is claimed")
                .contains("MISSED: p99 over relay is 1.800, at most 1.500 is claimed");
    }

    @Test
    void everythingIsInTheJson() throws Exception {
        Findings findings = new Findings();
        findings.condition("policy", "lull");
        findings.add(new Figure("throughput job", 312_345.6, "samples per CPU-second"));
        findings.add(Check.atLeast("throughput", 312_345.6, 300_000));

        JsonNode json = new ObjectMapper().readTree(findings.toJson());

        assertThat(json.at("/conditions/policy").asText()).isEqualTo("lull");
        assertThat(json.at("/figures/0/value").asDouble()).isEqualTo(312_345.6);
        assertThat(json.at("/checks/0/holds").asBoolean()).isTrue();
    }

    @Test
    void oneDisturbedTurnDoesNotMoveTheMedian() {
        assertThat(Median.of(List.of(1.0, 1.1, 90.0))).isEqualTo(1.1);
        assertThat(Median.of(List.of(1.0, 3.0))).isEqualTo(2.0);
        assertThatThrownBy(() -> Median.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
