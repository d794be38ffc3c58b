package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.page.ImageLayout.Block;
import io.lull.worker.page.ImageLayout.NamedLength;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageLayoutTest {
    private final ImageLayout layout =
            ImageLayout.of(List.of(new NamedLength("pc.ram", 40960), new NamedLength("rom", 4097)));

    @Test
    void roundsBlocksUpToPagesAndPutsTheDeviceStateLast() {
        assertThat(layout.blocks())
                .containsExactly(
                        new Block("pc.ram", 40960, 0),
                        new Block("rom", 4097, 10),
                        new Block("device-state", 1 << 20, 12));
        assertThat(layout.totalPages()).isEqualTo(12 + 256);
        assertThat(layout.deviceState().firstPage()).isEqualTo(12);
    }

    @Test
    void findsPagesByBlockAndOffsetAndBlocksByPage() {
        Block rom = layout.block("rom").orElseThrow();
        assertThat(rom.pageAt(0)).isEqualTo(10);
        assertThat(rom.pageAt(4096)).isEqualTo(11);
        assertThatThrownBy(() -> rom.pageAt(4097)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(layout.block("vga")).isEmpty();
        for (int page = 0; page < layout.totalPages(); page++) {
            Block block = layout.blockOf(page);
            assertThat(page).isBetween(block.firstPage(), block.endPage() - 1);
        }
        assertThatThrownBy(() -> layout.blockOf(268)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesLayoutsBeyondItsLimits() {
        List<NamedLength> many = IntStream.range(0, ImageLayout.MAX_BLOCKS)
                .mapToObj(i -> new NamedLength("b" + i, 1))
                .toList();
        assertThatThrownBy(() -> ImageLayout.of(many)).hasMessageContaining("256");
        assertThat(ImageLayout.of(many.subList(1, many.size())).blocks()).hasSize(ImageLayout.MAX_BLOCKS);
        long half = ImageLayout.MAX_TOTAL_BYTES / 2;
        assertThatThrownBy(() -> ImageLayout.of(List.of(new NamedLength("a", half), new NamedLength("b", half))))
                .hasMessageContaining("together");
        assertThatThrownBy(() -> ImageLayout.of(List.of(new NamedLength("a", Long.MAX_VALUE))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImageLayout.of(List.of(new NamedLength("a", 0))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImageLayout.of(List.of(new NamedLength("a", 1), new NamedLength("a", 1))))
                .hasMessageContaining("two blocks are named a");
        assertThatThrownBy(() -> ImageLayout.of(List.of(new NamedLength(ImageLayout.DEVICE_STATE, 1))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesBlocksWithGapsOrWithoutADeviceState() {
        Block ram = new Block("ram", 8192, 0);
        assertThatThrownBy(() -> new ImageLayout(List.of(ram))).hasMessageContaining("last block");
        assertThatThrownBy(() -> new ImageLayout(
                        List.of(ram, new Block(ImageLayout.DEVICE_STATE, ImageLayout.DEVICE_STATE_BYTES, 3))))
                .hasMessageContaining("begins at page 3");
    }
}
