package io.lull.worker.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LinkOptionsTest {
    @Test
    void refusesARingThatCannotHoldTheLargestFrame() {
        InetSocketAddress here = new InetSocketAddress("127.0.0.1", 7400);

        assertThatThrownBy(() -> new LinkOptions(here, SendRing.MIN_BYTES - 1, 1, 1, 2, OptionalLong.empty()))
                .hasMessageContaining("queueBytes");
    }

    @Test
    void underACeilingQueuesNoMoreThanLeavesBeforeABackupSeemsSilent() {
        LinkOptions free =
                LinkOptions.defaults(new InetSocketAddress("127.0.0.1", 7400)).silentAtMost(3_000_000_000L);

        assertThat(free.ringBytes()).isEqualTo(64 << 20);
        assertThat(free.atMost(OptionalLong.of(10_000_000)).ringBytes()).isEqualTo(15_000_000);
        assertThat(free.atMost(OptionalLong.of(1)).ringBytes()).isEqualTo(SendRing.MIN_BYTES);
        assertThatThrownBy(() -> free.atMost(OptionalLong.of(0))).hasMessageContaining("ceilingBytesPerSecond");
    }
}
