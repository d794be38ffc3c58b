package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.lull.worker.page.PrimaryAndBackup.Change;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encoding allocates per checkpoint, not per page or chunk: a collector must never have a reason to run in a pause. */
class EncodeAllocationTest {
    private static final int PAGES = 1024;
    /** One EncodeResult, and what the caller of this test passes in. */
    private static final long BYTES_PER_CHECKPOINT = 256;

    private static final int WARM_UP = 200;
    private static final int MEASURED = 50;

    @ParameterizedTest
    @EnumSource(ChunkCodec.class)
    void encodingAThousandPagesAllocatesOneResult(ChunkCodec codec) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        EncodeSettings settings = new EncodeSettings(1, codec);
        ChunkSink sink = (kind, pageCount, rawLength, crc32c, payload) -> {};
        try (PrimaryAndBackup pair = new PrimaryAndBackup(PAGES, 1, 1)) {
            for (int page = 0; page < PAGES; page++) {
                pair.change(page, Change.SPARSE);
            }
            long from = 0;
            for (int round = 0; round < WARM_UP + MEASURED; round++) {
                if (round == WARM_UP) {
                    from = threads.getThreadAllocatedBytes(self);
                }
                change(pair.guest, round);
                pair.pipeline.encode(pair.staged(), settings, sink);
            }
            long bytes = threads.getThreadAllocatedBytes(self) - from;
            assertThat(bytes).isLessThanOrEqualTo(MEASURED * BYTES_PER_CHECKPOINT);
        }
    }

    private static void change(PageMemory guest, int round) {
        for (int page = 0; page < PAGES; page++) {
            OffHeap.putLong(guest.address(page) + (page * 8L) % PageMemory.PAGE_BYTES, round);
        }
    }
}
