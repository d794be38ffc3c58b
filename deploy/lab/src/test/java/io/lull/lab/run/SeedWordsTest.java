package io.lull.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeds as a person writes them. */
class SeedWordsTest {
    @Test
    void oneSeveralAndARange() {
        assertThat(SeedWords.parse("7")).containsExactly(7L);
        assertThat(SeedWords.parse("-7,3")).containsExactly(-7L, 3L);
        assertThat(SeedWords.parse("1..3,9")).containsExactly(1L, 2L, 3L, 9L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,", "x", "3..1", "1..", "1..1001", "1...2", "1e3", "99999999999999999999"})
    void anythingElseIsRefusedWithTheFormToUse(String words) {
        assertThatThrownBy(() -> SeedWords.parse(words))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write 1, 1,7 or 1..5");
    }
}
