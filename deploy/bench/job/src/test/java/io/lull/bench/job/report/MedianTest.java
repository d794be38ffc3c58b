package io.lull.bench.job.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {
    @Test
    void isTheMiddleOrTheMeanOfTheMiddleTwo() {
        assertThat(Median.of(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
        assertThat(Median.of(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
        assertThatThrownBy(() -> Median.of(List.of())).hasMessageContaining("no turn");
    }

    @Test
    void ofRatiosIsNotMovedByAMachineThatGetsFasterMeanwhile() {
        assertThat(Median.ofRatios(List.of(150.0, 300.0, 600.0), List.of(100.0, 200.0, 400.0)))
                .isEqualTo(1.5);
    }
}
