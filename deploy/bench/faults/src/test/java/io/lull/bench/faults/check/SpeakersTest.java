package io.lull.bench.faults.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.bench.faults.check.Speakers.Heard;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeakersTest {
    @Test
    void aPrimaryAloneMaySpeak() {
        assertThat(Speakers.judge(List.of(new Heard(1, 0, 1), new Heard(2, 0, 90))))
                .isEmpty();
    }

    @Test
    void afterItTheStandbyMay() {
        assertThat(Speakers.judge(List.of(new Heard(1, 0, 90), new Heard(2, 1, 91), new Heard(3, 50, 91))))
                .isEmpty();
    }

    @Test
    void aFrameOfThePrimaryAfterTheStandbysFirstIsFoundHoweverLate() {
        assertThat(Speakers.judge(List.of(new Heard(1, 0, 90), new Heard(2, 1, 91), new Heard(900, 50, 92))))
                .hasValueSatisfying(
                        found -> assertThat(found).contains("1 frames").contains("898 ms"));
    }
}
