package io.lull.worker.ship;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class LinkOptionsTest {
    @Test
    void refusesARingThatCannotHoldTheLargestFrame() {
        InetSocketAddress here = new InetSocketAddress("127.0.0.1", 7400);

        assertThatThrownBy(() -> new LinkOptions(here, SendRing.MIN_BYTES - 1, 1, 1, 2))
                .hasMessageContaining("queueBytes");
    }
}
