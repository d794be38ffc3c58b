package io.lull.worker.colo;

import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.StagedPages;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;

/** Reads the pages of checkpoints as COLO's stream brings them, by the worker's own reader. */
public final class StreamedPause {
    private static final long PAGE_BYTES = 4096;
    private static final long STAGED_BYTES = 64L << 20;

    private final StagingArea area;
    private final StreamReader in;

    /** Takes each page when it has been read. */
    public interface Each {
        void take(int page, long address);
    }

    /** @param pages most of a checkpoint */
    public StreamedPause(ReadableByteChannel stream, int pages) {
        area = new StagingArea(STAGED_BYTES, pages);
        in = new StreamReader(stream, area, System::nanoTime);
    }

    /** Reads and stages the pages of one checkpoint. */
    public StagedPages read(Each each) throws IOException {
        area.reset();
        in.switchTo(area);
        while (true) {
            long word = in.u64();
            int flags = (int) (word % PAGE_BYTES);
            if (flags == RamParser.FLAG_EOS) {
                return area.pages();
            }
            if (flags != (RamParser.FLAG_PAGE | RamParser.FLAG_CONTINUE)) {
                throw new ColoStreamException("a record with flags " + flags);
            }
            int page = (int) (word / PAGE_BYTES);
            long address = in.inPlace((int) PAGE_BYTES);
            area.add(page, address);
            each.take(page, address);
        }
    }
}
