package io.lull.worker.sharedmemory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceStateFileTest {
    private static final ImageLayout.Block BLOCK = ImageLayout.of(
                    List.of(new ImageLayout.NamedLength("ram", 10L * PageMemory.PAGE_BYTES)))
            .deviceState();

    @TempDir
    Path folder;

    private final StagingArea staging = new StagingArea(4 << 20, 300);

    private int stage(int magic, int version, int stateBytes) throws IOException {
        Path file = folder.resolve("device-state");
        ByteBuffer bytes = ByteBuffer.allocate(DeviceStateFile.HEAD_BYTES + stateBytes);
        bytes.putInt(magic).putInt(version);
        while (bytes.hasRemaining()) {
            bytes.put((byte) 1);
        }
        Files.write(file, bytes.array());
        return new DeviceStateFile(file).stage(staging, BLOCK);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4095, 4096, 4097, 60_900, ImageLayout.DEVICE_STATE_BYTES})
    void stagesTheStateWithoutItsHeadAndPadsItsLastPage(int length) throws Exception {
        assertThat(stage(0x5145564d, 3, length)).isEqualTo(length);

        int pages = (length + PageMemory.PAGE_BYTES - 1) / PageMemory.PAGE_BYTES;
        assertThat(staging.pages().count()).isEqualTo(pages);
        assertThat(staging.pages().page(0)).isEqualTo(BLOCK.firstPage());
        ByteBuffer last = ByteBuffer.allocateDirect(PageMemory.PAGE_BYTES);
        OffHeap.copy(staging.pages().address(pages - 1), OffHeap.address(last), PageMemory.PAGE_BYTES);
        int inLast = length - (pages - 1) * PageMemory.PAGE_BYTES;
        assertThat(last.get(inLast - 1)).isEqualTo((byte) 1);
        if (inLast < PageMemory.PAGE_BYTES) {
            assertThat(last.get(inLast)).isZero();
            assertThat(last.get(PageMemory.PAGE_BYTES - 1)).isZero();
        }
    }

    @Test
    void whatIsNoDeviceStateIsRefused() {
        assertThatThrownBy(() -> stage(1, 3, 100))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("version 3");
        assertThatThrownBy(() -> stage(0x5145564d, 4, 100)).isInstanceOf(CaptureException.class);
        assertThatThrownBy(() -> stage(0x5145564d, 3, 0)).isInstanceOf(CaptureException.class);
        assertThatThrownBy(() -> stage(0x5145564d, 3, ImageLayout.DEVICE_STATE_BYTES + 1))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("the limit is");
        assertThatThrownBy(() -> new DeviceStateFile(folder.resolve("none")).stage(staging, BLOCK))
                .isInstanceOf(IOException.class);
    }
}
