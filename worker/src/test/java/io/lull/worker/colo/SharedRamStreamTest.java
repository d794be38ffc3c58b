package io.lull.worker.colo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stream of a QEMU that leaves shared memory out, whole, cut short and wrong. */
class SharedRamStreamTest implements SharedRamStream.Sink {
    private static final String CAPABILITIES = "configuration/capabilities";
    private static final int STATE_BYTES = 200_000;

    private final List<String> calls = new ArrayList<>();
    private final StagingArea staging = new StagingArea(32 << 20, 100);

    private static QemuStream head() {
        return new QemuStream().u32(0x5145564D).u32(3).u8(7).u32(2).raw(new byte[] {'p', 'c'});
    }

    private static byte[] whole() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        SharedRamOnBytes.conversation(STATE_BYTES).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private void read(byte[] bytes) throws IOException {
        staging.reset();
        new SharedRamStream(Channels.newChannel(new ByteArrayInputStream(bytes)), staging, () -> 0L).read(this);
    }

    @Test
    void handsOnTheLayoutAndThePagesAndSkipsTheDeviceState() throws Exception {
        read(whole());

        assertThat(calls).containsExactly("layout [ram0, pc.rom, device-state]", "page 2");
    }

    @Test
    void aStreamThatEndsAtAnyByteBeforeItsDeviceStateIsAnOperatingFailure() {
        byte[] all = whole();
        for (int length = 0; length < all.length - STATE_BYTES; length += 1 + length / 40) {
            byte[] cut = Arrays.copyOf(all, length);
            assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aHeadThatSaysOtherThanThatSharedMemoryIsLeftOutIsRefused() {
        QemuStream many = head().u8(5).str8(CAPABILITIES).u32(1).u32(1 << 30);
        assertThatThrownBy(() -> read(many.bytes()))
                .isInstanceOf(ColoStreamException.class)
                .hasMessageContaining("1073741824 capabilities");
        QemuStream other = head().u8(5).str8("configuration/uuid").u32(1);
        assertThatThrownBy(() -> read(other.bytes()))
                .isInstanceOf(ColoStreamException.class)
                .hasMessageContaining("configuration/uuid");
    }

    @Override
    public void layout(StreamLayout layout) {
        calls.add("layout "
                + layout.blocks().blocks().stream().map(block -> block.name()).toList());
    }

    @Override
    public void pages(StagingArea pages) {
        for (int i = 0; i < pages.pages().count(); i++) {
            calls.add("page " + pages.pages().page(i));
        }
    }
}
