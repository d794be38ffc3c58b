package io.lull.worker.backup;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The pages that the standby has yet to be sent. One thread marks a page after writing it, another takes marks and reads
 * the pages: a page that changes meanwhile is marked again, so the standby always ends with its last content.
 */
final class PendingPages {
    /** Takes the pages one by one. */
    interface Sink {
        void page(int page) throws IOException;
    }

    private final AtomicLongArray words;
    private final AtomicInteger marked = new AtomicInteger();

    PendingPages(int pages) {
        this.words = new AtomicLongArray((pages + Long.SIZE - 1) / Long.SIZE);
    }

    void mark(int page) {
        long bit = 1L << page;
        long before = words.getAndAccumulate(page / Long.SIZE, bit, (word, more) -> word | more);
        if ((before & bit) == 0) {
            marked.incrementAndGet();
        }
    }

    /** Pages marked now. */
    int count() {
        return marked.get();
    }

    /** Takes all marks, in page order. */
    void drain(Sink sink) throws IOException {
        for (int i = 0; i < words.length() && marked.get() > 0; i++) {
            if (words.getPlain(i) == 0) {
                continue;
            }
            long word = words.getAndSet(i, 0);
            marked.addAndGet(-Long.bitCount(word));
            for (; word != 0; word &= word - 1) {
                sink.page(i * Long.SIZE + Long.numberOfTrailingZeros(word));
            }
        }
    }
}
