package io.lull.worker.sharedmemory;

import io.lull.bench.pages.PagePairs;
import io.lull.bench.pause.EarlyDelta;
import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.FullShadow;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;

/** A guest's memory some pages of which differ from the copy: spread over it in runs, as the recordings have them. */
public final class SharedPause implements AutoCloseable {
    private static final int RUN_PAGES = 16;
    private static final long STAGED_BYTES = 64L << 20;

    private final PagePairs pairs;
    private final PageMemory guest;
    private final StagingArea area;
    private final PageWorkers workers = new PageWorkers(1, "bench-page");
    private final ComparedMemory memory;
    private final FullShadow shadow;
    private final EarlyDelta early;

    /** @param ramPages of the guest's memory */
    public SharedPause(PagePairs pairs, int ramPages) throws CaptureException {
        this.pairs = pairs;
        guest = PageMemory.anonymous(ramPages);
        area = new StagingArea(STAGED_BYTES, ramPages);
        memory = new ComparedMemory(guest, 0, workers, area);
        shadow = new FullShadow(ramPages, 1);
        early = new EarlyDelta(shadow);
        for (int i = 0; i < pairs.pages(); i++) {
            OffHeap.copy(pairs.before().address(i), guest.address(place(i)), PageMemory.PAGE_BYTES);
        }
        // As after the initial copy: a page that was never written costs nothing to read.
        memory.copy(area, 0, ramPages, true);
        for (int page = 0; page < ramPages; page++) {
            OffHeap.fill(shadow.memory().address(page), PageMemory.PAGE_BYTES, (byte) 0);
        }
        for (int i = 0; i < pairs.pages(); i++) {
            OffHeap.copy(pairs.after().address(i), guest.address(place(i)), PageMemory.PAGE_BYTES);
        }
        rewind();
    }

    private int place(int i) {
        int runs = (pairs.pages() - 1) / RUN_PAGES + 1;
        return i / RUN_PAGES * (guest.pages() / runs) + i % RUN_PAGES;
    }

    /** The shadow is as before the checkpoint; the copy always is. */
    public void rewind() {
        for (int i = 0; i < pairs.pages(); i++) {
            OffHeap.copy(pairs.before().address(i), shadow.memory().address(place(i)), PageMemory.PAGE_BYTES);
        }
    }

    /** As it is: compares all, and copies what differs. */
    public int compareAndCopy() throws CaptureException {
        area.reset();
        return memory.stage(area);
    }

    /** As it might be: compares all with the shadow, and writes the changed words of what differs. */
    public long compareAndDelta() {
        early.begin();
        for (int page = 0; page < guest.pages(); page++) {
            early.add(page, guest.address(page));
        }
        return early.bytes();
    }

    /** Whether the shadow holds what the guest's memory does. */
    public boolean isUpToDate() {
        for (int page = 0; page < guest.pages(); page++) {
            if (!shadow.memory().view(page).equals(guest.view(page))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        early.close();
        shadow.close();
        memory.close();
        workers.close();
        guest.close();
    }
}
