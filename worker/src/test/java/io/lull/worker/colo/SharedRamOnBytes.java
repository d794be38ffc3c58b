package io.lull.worker.colo;

import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.List;

/** What is made of the stream of a QEMU that leaves shared memory out, on the caller's thread and without a QEMU. */
public final class SharedRamOnBytes implements SharedRamStream.Sink {
    private static final long MAX_BYTES = 32 << 20;
    private static final int MAX_PAGES = 4096;

    private final StagingArea staging = new StagingArea(MAX_BYTES, MAX_PAGES);
    private int totalPages;
    private int pages;

    /** A stream as QEMU sends it, cut at its sections, with a device state of so many bytes behind it. */
    public static List<byte[]> conversation(int stateBytes) {
        QemuStream capabilities = new QemuStream()
                .u8(5)
                .str8("configuration/capabilities")
                .u32(1)
                .u32(1)
                .str8("x-ignore-shared");
        QemuStream blocks = new QemuStream()
                .u8(1)
                .u32(QemuStream.SECTION)
                .str8("ram")
                .u32(0)
                .u32(4)
                .u64(3L * PageMemory.PAGE_BYTES | 0x04)
                .str8("ram0")
                .u64(2L * PageMemory.PAGE_BYTES)
                .u64(0)
                .str8("pc.rom")
                .u64(PageMemory.PAGE_BYTES)
                .u64(0xc0000)
                .endOfRam();
        return List.of(
                new QemuStream()
                        .u32(0x5145564D)
                        .u32(3)
                        .u8(7)
                        .u32(2)
                        .raw(new byte[] {'p', 'c'})
                        .bytes(),
                capabilities.bytes(),
                blocks.bytes(),
                new QemuStream().section(2).page("pc.rom", 0, 1).endOfRam().bytes(),
                new QemuStream().section(3).endOfRam().bytes(),
                new byte[stateBytes]);
    }

    /**
     * Takes QEMU's stream to its end, and looks at every page that was staged.
     *
     * @throws IOException when the stream can't be
     */
    public void take(ReadableByteChannel qemu) throws IOException {
        totalPages = 0;
        pages = 0;
        staging.reset();
        new SharedRamStream(qemu, staging, System::nanoTime).read(this);
    }

    @Override
    public void layout(StreamLayout layout) {
        totalPages = layout.blocks().totalPages();
    }

    @Override
    public void pages(StagingArea area) {
        StagedPages staged = area.pages();
        for (int i = 0; i < staged.count(); i++) {
            if (staged.page(i) < 0 || staged.page(i) >= totalPages) {
                throw new IllegalStateException("page " + staged.page(i) + " of an image of " + totalPages);
            }
        }
        pages += staged.count();
    }

    /** Pages of the last stream. */
    public int pages() {
        return pages;
    }
}
