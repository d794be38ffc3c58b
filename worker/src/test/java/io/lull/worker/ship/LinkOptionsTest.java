package io.lull.worker.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class LinkOptionsTest {
    @Test
    void refusesAPlaintextConnectionToAnotherHost() {
        InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", 7400);

        assertThatThrownBy(() -> LinkOptions.defaults(elsewhere)).hasMessageContaining("in the clear");
        assertThat(new LinkOptions(elsewhere, true, 1 << 20, 1, 1, 2).backup()).isEqualTo(elsewhere);
    }

    @Test
    void refusesARingThatCannotHoldTheLargestFrame() {
        InetSocketAddress here = new InetSocketAddress("127.0.0.1", 7400);

        assertThatThrownBy(() -> new LinkOptions(here, false, SendRing.MIN_BYTES - 1, 1, 1, 2))
                .hasMessageContaining("queueBytes");
    }
}
