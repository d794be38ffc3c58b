package io.lull.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.Targets;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objectives as a person writes them. */
class TargetWordsTest {
    @Test
    void eachTargetHasItsUnits() {
        assertThat(TargetWords.parse("p99=25ms")).isEqualTo(Targets.outputDelay(25_000_000));
        assertThat(TargetWords.parse("p99=500us")).isEqualTo(Targets.outputDelay(500_000));
        assertThat(TargetWords.parse("bandwidth=50MB/s,overhead=5%,p99=0.01s"))
                .isEqualTo(
                        new Targets(OptionalLong.of(10_000_000), OptionalDouble.of(0.05), OptionalLong.of(50_000_000)));
        assertThat(TargetWords.parse("none")).isEqualTo(Targets.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "p99=25ms", "p99=0.5ms,overhead=2.5%", "bandwidth=30MB/s"})
    void whatIsWrittenIsWhatWasRead(String words) {
        assertThat(TargetWords.of(TargetWords.parse(words))).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "p99",
                "p99=",
                "p99=25",
                "p99=-1ms",
                "p99=1e3ms",
                "p99=5%",
                "p98=5ms",
                "p99=1ms,p99=2ms",
                "p99=1ms,",
                "overhead=0.05",
                "bandwidth=50",
                "bandwidth=50Mb/s",
                "p99=NaNms"
            })
    void anythingElseIsRefusedWithTheFormToUse(String words) {
        assertThatThrownBy(() -> TargetWords.parse(words))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("p99=25ms, overhead=5%, bandwidth=50MB/s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p99=0ms", "overhead=0%", "overhead=101%", "bandwidth=0B/s"})
    void whatCanNotBeAskedForIsRefused(String words) {
        assertThatThrownBy(() -> TargetWords.parse(words)).isInstanceOf(IllegalArgumentException.class);
    }
}
