package io.lull.local.oracle;

import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import io.lull.worker.primary.CaptureTap;
import java.nio.ByteBuffer;

/** Takes one page that has changed out of one epoch, as a QEMU that forgets a dirty page would. */
final class LeavesOutOnePage implements CaptureTap {
    private static final int PAGE = PageMemory.PAGE_BYTES;

    private final CommitOracle oracle;
    private final long epoch;
    private final ByteBuffer before;
    private volatile boolean done;

    /**
     * @param oracle sees each epoch first
     * @param epoch the one to spoil
     */
    LeavesOutOnePage(CommitOracle oracle, long epoch) {
        this.oracle = oracle;
        this.epoch = epoch;
        this.before = ByteBuffer.allocate(oracle.guestRam().capacity());
    }

    boolean done() {
        return done;
    }

    @Override
    public void captured(long now, StagedPages pages) {
        oracle.captured(now, pages);
        if (now == epoch - 1) {
            before.clear().put(oracle.guestRam());
        } else if (now == epoch) {
            leaveOut(oracle.ramBlock().orElseThrow(), pages);
        }
    }

    private void leaveOut(ImageLayout.Block ram, StagedPages pages) {
        int count = pages.count();
        int[] numbers = new int[count];
        long[] addresses = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = pages.page(i);
            addresses[i] = pages.address(i);
        }
        pages.clear();
        for (int i = 0; i < count; i++) {
            if (!done && changed(ram, numbers[i])) {
                done = true;
            } else {
                pages.add(numbers[i], addresses[i]);
            }
        }
    }

    private boolean changed(ImageLayout.Block ram, int page) {
        if (page < ram.firstPage() || page >= ram.endPage()) {
            return false;
        }
        int offset = (page - ram.firstPage()) * PAGE;
        return before.slice(offset, PAGE).mismatch(oracle.guestRam().slice(offset, PAGE)) >= 0;
    }
}
