package io.lull.worker.backup;

import io.lull.worker.page.PageDecoder;
import io.lull.worker.page.PageFormatException;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.FrameType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Writes the pages of an epoch into an image: chunks side by side on several threads where no page is in two of them, as in each
 * epoch but the first, and one after the other where one is. For one thread at a time.
 */
final class ChunkApplier {
    /** With fewer, to wake a thread takes as long as what it would do. */
    static final int FEW_PAGES = 256;

    private final PageMemory image;
    private final BitSet seen;

    ChunkApplier(PageMemory image) {
        this.image = image;
        this.seen = new BitSet(image.pages());
    }

    /**
     * Writes them; a second call after a failed one is the same as one that succeeds.
     *
     * @param changedPage told each page after it was written, on the calling thread
     * @throws IllegalStateException when a chunk that was checked is broken: some of the pages are written then
     */
    void apply(EpochLog epoch, PageWorkers workers, IntConsumer changedPage) throws IOException {
        if (epoch.pages() < FEW_PAGES || workers.granted() == 1 || !epoch.isMapped() || !isDisjoint(epoch)) {
            epoch.forEach((type, body) -> {
                if (type == FrameType.PAGES) {
                    workers.run(1, 1, (task, worker) -> write(body, changedPage));
                }
            });
            return;
        }
        workers.run(epoch.records(), (sequence, worker) -> {
            if (epoch.type(sequence) == FrameType.PAGES) {
                write(epoch.body(sequence), page -> {});
            }
        });
        forEachPage(epoch, changedPage);
    }

    private void write(ByteBuffer body, IntConsumer changedPage) {
        try {
            PageDecoder.apply(body, image, changedPage);
        } catch (PageFormatException e) {
            throw broken(e);
        }
    }

    private boolean isDisjoint(EpochLog epoch) {
        boolean[] twice = {false};
        forEachPage(epoch, page -> {
            twice[0] |= seen.get(page);
            seen.set(page);
        });
        seen.clear();
        return !twice[0];
    }

    private void forEachPage(EpochLog epoch, IntConsumer page) {
        for (int sequence = 0; sequence < epoch.records(); sequence++) {
            if (epoch.type(sequence) == FrameType.PAGES) {
                try {
                    PageDecoder.forEachPage(epoch.body(sequence), image.pages(), page);
                } catch (PageFormatException e) {
                    throw broken(e);
                }
            }
        }
    }

    private static IllegalStateException broken(PageFormatException e) {
        return new IllegalStateException("a checked chunk in the redo log is broken", e);
    }
}
