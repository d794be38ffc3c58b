package io.lull.worker.capture;

import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One checkpoint's pages as they lie in memory, within the raw stream in which they came or as copies, and where each page
 * is. Segments are made before or when they are first needed, and given back when none needed them for long; a page's address holds
 * until {@link #reset}.
 */
public final class StagingArea {
    /** Size of a segment: 4,000 pages, more than all but the wildest epochs have. */
    static final int SEGMENT_BYTES = 16 << 20;
    /** After so many checkpoints that left more than half of the segments empty, these are given back. */
    static final int QUIET_CHECKPOINTS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(StagingArea.class);

    private final int maxSegments;
    private final int maxPages;
    private final List<ByteBuffer> segments = new ArrayList<>();
    private final ByteBuffer padding = ByteBuffer.allocateDirect(PageMemory.PAGE_BYTES);
    private final StagedPages pages;
    private int segmentsUsed;
    private ByteBuffer current;
    private int segmentPagesTaken;
    private int quietCheckpoints;

    /**
     * @param maxBytes of stream that may be staged; beyond it the checkpoint fails
     * @param maxPages of pages that may be staged
     */
    public StagingArea(long maxBytes, int maxPages) {
        this.maxSegments = (int) Math.max(2, (maxBytes + SEGMENT_BYTES - 1) / SEGMENT_BYTES + 1);
        this.maxPages = maxPages;
        this.pages = new StagedPages(maxPages);
        segments.add(ByteBuffer.allocateDirect(SEGMENT_BYTES));
        current = segments.get(0);
    }

    /** What is staged. */
    public StagedPages pages() {
        return pages;
    }

    /** Forgets all pages. Their memory is written over from now on. Twice is as once. */
    public void reset() {
        if (segmentsUsed > 0) {
            countQuiet(2 * segmentsUsed);
        }
        makeReady();
        pages.clear();
        segmentsUsed = 0;
    }

    private void countQuiet(int needed) {
        quietCheckpoints = segments.size() > needed ? quietCheckpoints + 1 : 0;
        if (quietCheckpoints == QUIET_CHECKPOINTS) {
            keep(needed);
        }
    }

    /** As {@link #reset}, and gives back all memory but that of one segment: other sessions may need it now. */
    public void shrink() {
        reset();
        keep(1);
    }

    private void keep(int most) {
        while (segments.size() > most) {
            OffHeap.free(segments.remove(segments.size() - 1));
        }
        quietCheckpoints = 0;
    }

    int segments() {
        return segments.size();
    }

    /**
     * Makes a segment more when the last checkpoint filled more than half of those that there are: to make one takes
     * milliseconds, which would be the next pause's. One that has grown by more than that makes its own.
     */
    private void makeReady() {
        long fullPages = (long) segments.size() * SEGMENT_BYTES / PageMemory.PAGE_BYTES;
        if (pages.count() > fullPages / 2 && segments.size() < maxSegments) {
            try {
                segments.add(newSegment());
            } catch (CaptureException e) {
                LOG.debug("not made beforehand: {}", e.getMessage());
            }
        }
    }

    /** The first segment, from which the stream of a new checkpoint is read on. */
    public ByteBuffer firstSegment() {
        segmentsUsed = 1;
        return segments.get(0);
    }

    /**
     * Takes room for pages that are to be copied in. Different threads may take some at once.
     *
     * @param count how many, at most {@code addresses.length}
     * @param addresses where the room for each is
     */
    public synchronized void take(int count, long[] addresses) throws CaptureException {
        for (int i = 0; i < count; i++) {
            if (segmentsUsed == 0 || segmentPagesTaken == SEGMENT_BYTES / PageMemory.PAGE_BYTES) {
                current = segmentsUsed == 0 ? firstSegment() : nextSegment();
                segmentPagesTaken = 0;
            }
            addresses[i] = OffHeap.address(current) + (long) segmentPagesTaken * PageMemory.PAGE_BYTES;
            segmentPagesTaken++;
        }
    }

    /** One more segment. */
    public ByteBuffer nextSegment() throws CaptureException {
        if (segmentsUsed == maxSegments) {
            throw new CaptureException(
                    "a checkpoint is larger than " + (long) maxSegments * SEGMENT_BYTES
                            + " staged bytes: more than the guest has memory; lower limits.dirtyPagesWatermark, or report it if that does not help");
        }
        if (segmentsUsed == segments.size()) {
            segments.add(newSegment());
        }
        return segments.get(segmentsUsed++);
    }

    private static ByteBuffer newSegment() throws CaptureException {
        try {
            return ByteBuffer.allocateDirect(SEGMENT_BYTES);
        } catch (OutOfMemoryError e) {
            throw new CaptureException("no memory outside the heap for a checkpoint; give the worker more (LULL_HEAP,"
                    + " -XX:MaxDirectMemorySize) or lower the dirty-page watermark: " + e.getMessage());
        }
    }

    /** Adds a page; address {@link StagedPages#ZERO_PAGE} means that it is all zero. */
    public void add(int page, long address) throws CaptureException {
        if (pages.count() == maxPages) {
            throw new CaptureException("a checkpoint has more than " + maxPages + " pages");
        }
        pages.add(page, address);
    }

    /** Adds a page of which only {@code length} bytes came; the rest is zero. One a checkpoint. */
    public void addPadded(int page, long address, int length) throws CaptureException {
        long padded = OffHeap.address(padding);
        OffHeap.copy(address, padded, length);
        OffHeap.fill(padded + length, PageMemory.PAGE_BYTES - length, (byte) 0);
        add(page, padded);
    }
}
