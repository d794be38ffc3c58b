package io.lull.worker.sharedmemory;

import io.lull.worker.page.PageMemory;
import java.nio.file.Path;

/**
 * The shared file in which QEMU keeps the guest's main memory.
 *
 * @param path as this process sees it
 * @param backend id of the memory backend; the RAM block is named after it
 * @param bytes size of the memory
 */
public record RamFile(Path path, String backend, long bytes) {
    public RamFile {
        if (bytes <= 0 || bytes % PageMemory.PAGE_BYTES != 0 || bytes / PageMemory.PAGE_BYTES > PageMemory.MAX_PAGES) {
            throw new IllegalArgumentException("a guest's memory of " + bytes + " bytes can't be mapped in pages");
        }
    }

    int pages() {
        return (int) (bytes / PageMemory.PAGE_BYTES);
    }

    /** Whether this is QEMU's name of the block; old machine types put a folder before it. */
    boolean isBlock(String name) {
        return name.equals(backend) || name.equals(RamBackend.FOLDER + backend);
    }
}
