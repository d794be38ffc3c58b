package io.lull.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MutualTlsTest {
    @Test
    void theJdksOwnLimitsRenewKeys() {
        assertThat(MutualTls.renewsKeys("AES/GCM/NoPadding KeyUpdate 2^37, ChaCha20-Poly1305 KeyUpdate 2^37"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "ChaCha20-Poly1305 KeyUpdate 2^37", "AES/GCM/NoPadding 2^37"})
    void limitsThatLeaveOutAesDoNot(String limits) {
        assertThat(MutualTls.renewsKeys(limits)).isFalse();
    }
}
