package io.lull.worker.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Changed pages of a real guest, before and after: a recorded {@code NAME.pairs.gz}. */
final class PagePairs implements AutoCloseable {
    static final List<String> WORKLOADS = List.of("gcc", "jvm", "pg", "redis", "redisin", "sqlite");

    final PageMemory before;
    final PageMemory after;

    private PagePairs(byte[] records) {
        int pages = records.length / (2 * PageMemory.PAGE_BYTES);
        before = PageMemory.anonymous(pages);
        after = PageMemory.anonymous(pages);
        ByteBuffer source = ByteBuffer.wrap(records);
        for (int page = 0; page < pages; page++) {
            before.view(page).put(source.slice(2 * page * PageMemory.PAGE_BYTES, PageMemory.PAGE_BYTES));
            after.view(page).put(source.slice((2 * page + 1) * PageMemory.PAGE_BYTES, PageMemory.PAGE_BYTES));
        }
    }

    /** Reads the recording of a workload from the folder that the system property {@code lull.traces} names. */
    static PagePairs read(String workload) throws IOException {
        Path file = Path.of(System.getProperty("lull.traces", "../../shared/traces"), workload + ".pairs.gz");
        if (!Files.isReadable(file)) {
            throw new IOException(
                    "there is no page trace at " + file.toAbsolutePath().normalize()
                            + "; set the system property lull.traces to the folder of the recorded traces");
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new PagePairs(in.readAllBytes());
        }
    }

    int pages() {
        return before.pages();
    }

    /** Makes a shadow hold, as known, the pages before they changed. */
    void rewind(Shadow shadow) {
        for (int page = 0; page < pages(); page++) {
            OffHeap.copy(before.address(page), shadow.memory().address(page), PageMemory.PAGE_BYTES);
            shadow.becomeKnown(page);
        }
    }

    /** Stages the changed pages. */
    void stage(StagedPages staged) {
        staged.clear();
        for (int page = 0; page < pages(); page++) {
            staged.add(page, after.address(page));
        }
    }

    @Override
    public void close() {
        before.close();
        after.close();
    }
}
