package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.primary.Protection.Loss;
import org.junit.jupiter.api.Test;

class ProtectionTest {
    private final Protection protection = new Protection(Values.VM);

    @Test
    void aLossIsNewsOnceHoweverOftenItIsTriedToMendIt() {
        protection.transition(SessionState.CONNECTING, "first");
        assertThat(protection.lost("refused")).isEqualTo(Loss.FIRST);
        protection.transition(SessionState.CONNECTING, "again");
        assertThat(protection.lost("refused")).isEqualTo(Loss.AGAIN);
        protection.transition(SessionState.CONNECTING, "again");
        protection.transition(SessionState.SYNCING, "accepted");
        assertThat(protection.lost("gone while it synced")).isEqualTo(Loss.AGAIN);
        assertThat(protection.reason()).isEqualTo("gone while it synced");
    }

    @Test
    void eachLossOfProtectionIsNews() {
        for (int i = 0; i < 2; i++) {
            protection.transition(SessionState.PROTECTED, "committed");
            assertThat(protection.lost("reset")).isEqualTo(Loss.OF_PROTECTION);
            assertThat(protection.lost("refused")).isEqualTo(Loss.AGAIN);
        }
        assertThat(protection.state()).isEqualTo(SessionState.UNPROTECTED);
    }

    @Test
    void theEndIsTheEnd() {
        protection.transition(SessionState.ENDED, "the guest is off");
        protection.transition(SessionState.PROTECTED, "a late acknowledgement");

        assertThat(protection.state()).isEqualTo(SessionState.ENDED);
        assertThat(protection.reason()).isEqualTo("the guest is off");
    }
}
