package io.lull.bench.many;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResultsTest {
    @Test
    void aQuantileIsTheLeastDelayThatSoManyStayedWithin() {
        Delays delays = new Delays();
        for (int i = 2000; i > 0; i--) {
            delays.add(i, 3);
        }
        assertThat(delays.quantile(0.99)).isEqualTo(1980);
        assertThat(delays.quantile(0.5)).isEqualTo(1000);
        assertThat(delays.pages()).isEqualTo(6000);
    }

    @Test
    void withoutAnEpochThereIsNoDelayToJudge() {
        assertThatThrownBy(() -> new Delays().quantile(0.99)).hasMessageContaining("no epoch was committed");
    }

    @Test
    void judgesEachVmThatStayedCalmByItsOwnShare() {
        Results results = new Results(3);
        for (Phase phase : Phase.values()) {
            for (int vm = 0; vm < 3; vm++) {
                results.of(phase, vm).add(100, 1);
            }
        }
        results.of(Phase.WILD, 1).add(200, 1);
        results.of(Phase.WILD, 2).add(201, 1);
        assertThat(results.verdicts()).extracting(Verdict::vm).containsExactly(1, 2);
        assertThat(results.verdicts()).extracting(Verdict::holds).containsExactly(true, false);
    }

    @Test
    void aWildVmMustHaveThePagesThatItDirties() {
        assertThatThrownBy(() -> new Setting(16, 0, 1, 100, 100, 1, false, 1)).hasMessageContaining("give --ram more");
    }

    @Test
    void theLastVmsAreTheRealOnesAndTheWildOneIsNone() {
        Setting setting = new Setting(16, 2, 48, 100, 100, 1, false, 1);
        assertThat(setting.isReal(13)).isFalse();
        assertThat(setting.isReal(14)).isTrue();
        assertThatThrownBy(() -> new Setting(16, 16, 48, 100, 100, 1, false, 1)).hasMessageContaining("guests");
        assertThat(setting.isReal(Results.WILD_VM)).isFalse();
    }
}
