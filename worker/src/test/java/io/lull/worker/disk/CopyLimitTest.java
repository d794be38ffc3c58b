package io.lull.worker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CopyLimitTest {
    private static final OptionalLong NONE = OptionalLong.empty();

    @Test
    void leavesAQuarterOfALimitedLinkToTheGuestsOwnWrites() {
        assertThat(CopyLimit.under(NONE, NONE, 1)).isEmpty();
        assertThat(CopyLimit.under(OptionalLong.of(500), NONE, 1)).isEqualTo(Optional.of(new CopyLimit(500, 1)));
        assertThat(CopyLimit.under(NONE, OptionalLong.of(400), 1)).isEqualTo(Optional.of(new CopyLimit(300, 1)));
        assertThat(CopyLimit.under(OptionalLong.of(100), OptionalLong.of(400), 1))
                .isEqualTo(Optional.of(new CopyLimit(100, 1)));
        assertThat(CopyLimit.under(OptionalLong.of(500), OptionalLong.of(400), 1))
                .isEqualTo(Optional.of(new CopyLimit(300, 1)));
    }
}
