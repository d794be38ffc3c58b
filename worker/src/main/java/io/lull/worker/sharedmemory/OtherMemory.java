package io.lull.worker.sharedmemory;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.colo.SharedRamStream;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import java.util.Optional;

/**
 * The guest's memory that is not in the file, as QEMU had it when it was asked: ROMs and tables that the guest doesn't
 * write. A guest that has other memory beside its file is refused, since its writes there would be lost.
 */
final class OtherMemory implements SharedRamStream.Sink, AutoCloseable {
    private static final String ACPI_TABLES = "/rom@etc/acpi/";
    private static final String TABLE_LOADER = "/rom@etc/table-loader";
    private static final String WRITTEN_BY_GUEST = "/rom@etc/acpi/nvdimm-mem";

    private final RamFile file;
    private Optional<Parts> parts = Optional.empty();

    private record Parts(StreamLayout layout, ImageLayout.Block main, PageMemory memory) {
        /** Where a page of the image lies in this memory, which leaves the main block out. */
        int place(int page) {
            return page < main.firstPage() ? page : page - main.pages();
        }
    }

    OtherMemory(RamFile file) {
        this.file = file;
    }

    @Override
    public void layout(StreamLayout layout) throws CaptureException {
        ImageLayout blocks = layout.blocks();
        ImageLayout.Block main = blocks.blocks().stream()
                .filter(block -> file.isBlock(block.name()))
                .findFirst()
                .orElseThrow(() -> new CaptureException(
                        "QEMU has no RAM block of its memory backend " + file.backend() + ", but " + blocks));
        if (main.byteLength() != file.bytes()) {
            throw new CaptureException("QEMU's RAM block " + main.name() + " has " + main.byteLength()
                    + " bytes, its file " + file.bytes());
        }
        for (ImageLayout.Block block : blocks.blocks()) {
            if (block != main && block != blocks.deviceState() && !isReadOnly(block.name())) {
                throw new CaptureException("the guest may write to its RAM block " + block.name()
                        + ", which isn't in the shared file: start QEMU without that device (-vga none, firmware by -bios,"
                        + " no further memory), or use a QEMU with COLO");
            }
        }
        int pages = blocks.deviceState().firstPage() - main.pages();
        parts = Optional.of(new Parts(layout, main, PageMemory.anonymous(Math.max(1, pages))));
    }

    private static boolean isReadOnly(String name) {
        return name.equals("pc.bios")
                || name.equals("pc.rom")
                || name.endsWith(".rom")
                || name.equals(TABLE_LOADER)
                || name.startsWith(ACPI_TABLES) && !name.equals(WRITTEN_BY_GUEST);
    }

    private Parts parts() {
        return parts.orElseThrow(() -> new IllegalStateException("the layout has not come yet"));
    }

    @Override
    public void pages(StagingArea staged) throws CaptureException {
        Parts now = parts();
        StagedPages pages = staged.pages();
        for (int i = 0; i < pages.count(); i++) {
            int page = pages.page(i);
            if (page >= now.main().firstPage() && page < now.main().endPage()) {
                throw new CaptureException("QEMU sends the memory that is in " + file.path() + ": it is not shared");
            }
            long to = now.memory().address(now.place(page));
            if (pages.address(i) == StagedPages.ZERO_PAGE) {
                OffHeap.fill(to, PageMemory.PAGE_BYTES, (byte) 0);
            } else {
                OffHeap.copy(pages.address(i), to, PageMemory.PAGE_BYTES);
            }
        }
    }

    StreamLayout layout() {
        return parts().layout();
    }

    /** The block that is in the file. */
    ImageLayout.Block main() {
        return parts().main();
    }

    /** Stages a run of this memory's pages; they lie here until it is closed. */
    void stage(StagingArea staging, ImageLayout.Block block, int from, int end) throws CaptureException {
        Parts now = parts();
        for (int page = from; page < end; page++) {
            int inImage = block.firstPage() + page;
            staging.add(inImage, now.memory().address(now.place(inImage)));
        }
    }

    @Override
    public void close() {
        parts.ifPresent(now -> now.memory().close());
    }
}
