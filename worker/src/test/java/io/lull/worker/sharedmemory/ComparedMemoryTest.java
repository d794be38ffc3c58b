package io.lull.worker.sharedmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparedMemoryTest {
    private static final int PAGES = 5 * ComparedMemory.RANGE_PAGES + 17;
    private static final int FIRST_PAGE = 40;
    private static final int ROUNDS = 30;
    private static final int MOST_WRITES = 400;
    private static final long STAGED_BYTES = 2L * PAGES * PageMemory.PAGE_BYTES;

    @TempDir
    Path folder;

    @Test
    void stagesExactlyThePagesThatDifferWithTheirContentWhateverBitChanged() throws Exception {
        long seed = Long.getLong("lull.seed", System.nanoTime());
        System.out.println("ComparedMemoryTest: -Dlull.seed=" + seed);
        Random random = new Random(seed);
        Path file = folder.resolve("ram");
        StagingArea staging = new StagingArea(STAGED_BYTES, PAGES);
        try (PageMemory guest = PageMemory.createFile(file, PAGES);
                PageWorkers workers = new PageWorkers(3, "compare");
                ComparedMemory memory =
                        new ComparedMemory(PageMemory.openFileToRead(file, PAGES), FIRST_PAGE, workers, staging)) {
            assertThat(memory.copy(staging, 0, PAGES, true)).isEqualTo(PAGES);
            for (int round = 0; round < ROUNDS; round++) {
                staging.reset();
                Map<Integer, byte[]> written = write(guest, random);

                int staged = memory.stage(staging);

                assertThat(staged)
                        .isEqualTo(written.size())
                        .isEqualTo(staging.pages().count());
                int i = 0;
                for (Map.Entry<Integer, byte[]> page : written.entrySet()) {
                    assertThat(staging.pages().page(i)).isEqualTo(FIRST_PAGE + page.getKey());
                    assertThat(content(staging.pages().address(i))).isEqualTo(page.getValue());
                    i++;
                }
                memory.keep();
            }
        }
    }

    @Test
    void whatIsNotKeptIsStagedAgain() throws Exception {
        Path file = folder.resolve("ram");
        StagingArea staging = new StagingArea(STAGED_BYTES, PAGES);
        try (PageMemory guest = PageMemory.createFile(file, PAGES);
                PageWorkers workers = new PageWorkers(1, "compare");
                PageMemory seen = PageMemory.openFileToRead(file, PAGES);
                ComparedMemory memory = new ComparedMemory(seen, 0, workers, staging)) {
            memory.copy(staging, 0, PAGES, true);
            staging.reset();
            guest.view(PAGES - 1).put(4095, (byte) 1);
            assertThat(memory.stage(staging)).isEqualTo(1);
            staging.reset();
            assertThat(memory.stage(staging)).isEqualTo(1);
            memory.keep();
            staging.reset();
            assertThat(memory.stage(staging)).isZero();
        }
    }

    /** Changes one bit in each of some pages; returns the pages. */
    private static Map<Integer, byte[]> write(PageMemory guest, Random random) {
        Map<Integer, byte[]> written = new TreeMap<>();
        int writes = random.nextInt(MOST_WRITES);
        for (int i = 0; i < writes; i++) {
            int page = random.nextInt(PAGES);
            if (!written.containsKey(page)) {
                ByteBuffer view = guest.view(page);
                int at = random.nextInt(PageMemory.PAGE_BYTES);
                view.put(at, (byte) (view.get(at) ^ 1 << random.nextInt(8)));
                byte[] now = new byte[PageMemory.PAGE_BYTES];
                guest.view(page).get(now);
                written.put(page, now);
            }
        }
        return written;
    }

    private static byte[] content(long address) {
        ByteBuffer page = ByteBuffer.allocateDirect(PageMemory.PAGE_BYTES);
        OffHeap.copy(address, OffHeap.address(page), PageMemory.PAGE_BYTES);
        byte[] bytes = new byte[PageMemory.PAGE_BYTES];
        page.get(bytes);
        return bytes;
    }
}
