package io.lull.worker.colo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FirstDeviceStateTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());

    FirstDeviceStateTest() {
        System.out.println("FirstDeviceStateTest: -Dlull.seed=" + SEED);
    }

    @Test
    void endsWhereAnnouncedWhateverThePiecesAre() throws Exception {
        byte[] state = new QemuStream().firstState().bytes();
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            FirstDeviceState first = new FirstDeviceState();
            int at = 0;
            while (at < state.length) {
                int end = Math.min(state.length, at + 1 + random.nextInt(40));
                assertThat(first.take(Arrays.copyOfRange(state, at, end)))
                        .as("after %d of %d bytes", end, state.length)
                        .isEqualTo(end == state.length);
                at = end;
            }
        }
    }

    @Test
    void doesNotEndAtADescriptionOfAnotherLength() throws Exception {
        byte[] state = new QemuStream().firstState().bytes();
        FirstDeviceState first = new FirstDeviceState();
        assertThat(first.take(Arrays.copyOf(state, state.length + 1))).isFalse();
        assertThat(first.take(state)).isTrue();
    }

    @Test
    @Timeout(20)
    void looksAtEachByteOnceHoweverSmallThePieces() throws Exception {
        FirstDeviceState first = new FirstDeviceState();
        byte[] one = {'{'};
        // Looking at all of them again for each is 10^12 looks.
        for (int i = 0; i < 1_500_000; i++) {
            first.take(one);
        }
    }

    @Test
    void givesUpOnAStateWithoutEnd() throws Exception {
        FirstDeviceState first = new FirstDeviceState();
        byte[] mebibyte = new byte[1 << 20];
        for (int i = 0; i < 16; i++) {
            first.take(mebibyte);
        }
        assertThatThrownBy(() -> first.take(new byte[1]))
                .isInstanceOf(ColoStreamException.class)
                .hasMessageContaining("suppress-vmdesc");
    }
}
