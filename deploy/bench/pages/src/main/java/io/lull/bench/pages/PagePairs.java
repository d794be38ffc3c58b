package io.lull.bench.pages;

import io.lull.worker.page.FullShadow;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Changed pages of a real guest, before and after: a recorded {@code NAME.pairs.gz}. */
public final class PagePairs implements AutoCloseable {
    /** The recorded workloads. */
    public static final List<String> WORKLOADS = List.of("gcc", "jvm", "pg", "redis", "redisin", "sqlite");
    /** Pages in a recording. */
    public static final int RECORDED_PAGES = 1536;
    /** Names the folder of the recordings. */
    public static final String FOLDER_PROPERTY = "lull.traces";

    private static final String DEFAULT_FOLDER = "../shared/traces";
    private static final int RECORD_BYTES = 2 * PageMemory.PAGE_BYTES;

    private final PageMemory before;
    private final PageMemory after;

    private PagePairs(ByteBuffer records, int pages) {
        before = PageMemory.anonymous(pages);
        after = PageMemory.anonymous(pages);
        for (int page = 0; page < pages; page++) {
            int record = page % RECORDED_PAGES * RECORD_BYTES;
            before.view(page).put(records.slice(record, PageMemory.PAGE_BYTES));
            after.view(page).put(records.slice(record + PageMemory.PAGE_BYTES, PageMemory.PAGE_BYTES));
        }
    }

    /** The folder that the property {@link #FOLDER_PROPERTY} names. */
    public static Path folder() {
        return Path.of(System.getProperty(FOLDER_PROPERTY, DEFAULT_FOLDER));
    }

    /** Reads the recording of a workload. */
    public static PagePairs read(String workload) throws IOException {
        return read(workload, RECORDED_PAGES);
    }

    /** Reads the recording of a workload, and repeats it up to {@code pages} pages. */
    public static PagePairs read(String workload, int pages) throws IOException {
        Path file = folder().resolve(workload + ".pairs.gz");
        if (!Files.isReadable(file)) {
            throw new IOException(
                    "there is no page trace at " + file.toAbsolutePath().normalize() + "; set the system property "
                            + FOLDER_PROPERTY + " to the folder of the recorded traces");
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            byte[] records = in.readNBytes(RECORDED_PAGES * RECORD_BYTES + 1);
            if (records.length != RECORDED_PAGES * RECORD_BYTES) {
                throw new IOException(
                        file + " does not hold " + RECORDED_PAGES + " records of " + RECORD_BYTES + " bytes");
            }
            return new PagePairs(ByteBuffer.wrap(records), pages);
        }
    }

    /** The pages as they were. */
    public PageMemory before() {
        return before;
    }

    /** The pages as they are now. */
    public PageMemory after() {
        return after;
    }

    public int pages() {
        return before.pages();
    }

    /** A shadow that holds the pages as they were. */
    public FullShadow shadow() {
        FullShadow shadow = new FullShadow(pages(), 1);
        shadow.forget(Optional.empty());
        long[] scratch = new long[2];
        for (int page = 0; page < pages(); page++) {
            shadow.sent(page, shadow.place(page), scratch);
        }
        rewind(shadow);
        return shadow;
    }

    /** Makes a shadow hold the pages as they were. */
    public void rewind(FullShadow shadow) {
        for (int page = 0; page < pages(); page++) {
            OffHeap.copy(before.address(page), shadow.memory().address(page), PageMemory.PAGE_BYTES);
        }
    }

    /** Stages the changed pages. */
    public StagedPages staged() {
        StagedPages staged = new StagedPages(pages());
        for (int page = 0; page < pages(); page++) {
            staged.add(page, after.address(page));
        }
        return staged;
    }

    @Override
    public void close() {
        before.close();
        after.close();
    }
}
