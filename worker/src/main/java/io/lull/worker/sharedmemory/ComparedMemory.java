package io.lull.worker.sharedmemory;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.DeltaKernel;
import io.lull.worker.page.KernelChoice;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import java.io.UncheckedIOException;

/**
 * The guest's memory in its file and a copy of it as it was last handed on; says which pages differ. Compares every page,
 * in parallel: the time is proportional to the guest's memory.
 */
final class ComparedMemory implements AutoCloseable {
    /** Pages of one task: so few that a page is still in the cache when it is copied. */
    static final int RANGE_PAGES = 128;

    private final PageMemory guest;
    private final PageMemory copy;
    private final int firstPage;
    private final PageWorkers workers;
    private final DeltaKernel[] kernels;
    private final long[][] places;
    private final int ranges;
    // Of each range its changed pages, from its first place on, and where they were copied to.
    private final int[] changed;
    private final long[] addresses;
    private final int[] counts;
    private final PageWorkers.Task task = this::compareRange;
    private StagingArea into;

    /**
     * Knows no page; all must be copied once before any is compared.
     *
     * @param guest the mapped file; stays the caller's to close
     * @param firstPage where it begins in the image
     * @param into any area; each call names its own
     */
    ComparedMemory(PageMemory guest, int firstPage, PageWorkers workers, StagingArea into) {
        this.guest = guest;
        this.firstPage = firstPage;
        this.workers = workers;
        this.into = into;
        this.copy = PageMemory.unwritten(guest.pages());
        this.kernels = new DeltaKernel[workers.count()];
        this.places = new long[workers.count()][RANGE_PAGES];
        for (int i = 0; i < kernels.length; i++) {
            kernels[i] = KernelChoice.create();
        }
        this.ranges = (guest.pages() - 1) / RANGE_PAGES + 1;
        this.changed = new int[guest.pages()];
        this.addresses = new long[guest.pages()];
        this.counts = new int[ranges];
    }

    int pages() {
        return guest.pages();
    }

    /**
     * Copies pages while the guest runs, and stages the copies; those lie here until they are copied again. A page that the
     * guest writes meanwhile may be copied in the middle of that, and differs from its copy afterwards.
     *
     * @param all whether also the pages that don't differ are staged
     * @return how many were staged
     */
    int copy(StagingArea staging, int from, int end, boolean all) throws CaptureException {
        int staged = 0;
        for (int page = from; page < end; page++) {
            long now = guest.address(page);
            long before = copy.address(page);
            if (all || kernels[0].changedLines(now, before) != 0) {
                OffHeap.copy(now, before, PageMemory.PAGE_BYTES);
                staging.add(firstPage + page, before);
                staged++;
            }
        }
        return staged;
    }

    /**
     * Stages copies of the pages that differ from what was handed on last, on as many threads as are granted. The guest stands
     * still.
     *
     * @return how many
     */
    int stage(StagingArea staging) throws CaptureException {
        into = staging;
        workers.run(ranges, task);
        int staged = 0;
        for (int range = 0; range < ranges; range++) {
            int first = range * RANGE_PAGES;
            for (int i = first; i < first + counts[range]; i++) {
                staging.add(firstPage + changed[i], addresses[i]);
            }
            staged += counts[range];
        }
        return staged;
    }

    private void compareRange(int range, int worker) {
        int first = range * RANGE_PAGES;
        int end = Math.min(guest.pages(), first + RANGE_PAGES);
        int count = 0;
        for (int page = first; page < end; page++) {
            if (kernels[worker].changedLines(guest.address(page), copy.address(page)) != 0) {
                changed[first + count++] = page;
            }
        }
        counts[range] = count;
        if (count == 0) {
            return;
        }
        long[] room = places[worker];
        try {
            into.take(count, room);
        } catch (CaptureException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < count; i++) {
            OffHeap.copy(guest.address(changed[first + i]), room[i], PageMemory.PAGE_BYTES);
            addresses[first + i] = room[i];
        }
    }

    /** What {@link #stage} found is handed on: the copy becomes that. The guest may run. */
    void keep() {
        for (int range = 0; range < ranges; range++) {
            int first = range * RANGE_PAGES;
            for (int i = first; i < first + counts[range]; i++) {
                OffHeap.copy(addresses[i], copy.address(changed[i]), PageMemory.PAGE_BYTES);
            }
        }
    }

    @Override
    public void close() {
        copy.close();
    }
}
