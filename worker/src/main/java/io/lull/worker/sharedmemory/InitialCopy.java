package io.lull.worker.sharedmemory;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.ImageLayout;
import java.io.IOException;

/**
 * Hands on all of the guest's memory while the guest runs, and then again what has changed meanwhile, until that is little
 * or it doesn't become less: what is left is the first checkpoint's.
 */
final class InitialCopy {
    /** So few pages that the first checkpoint is one like any other. */
    static final int FEW_PAGES = 1024;

    static final int MAX_ROUNDS = 5;
    private static final int BATCH_PAGES = 2048;

    private final ComparedMemory memory;
    private final OtherMemory others;
    private final StagingArea staging;
    private final CaptureHandler handler;

    InitialCopy(ComparedMemory memory, OtherMemory others, StagingArea staging, CaptureHandler handler) {
        this.memory = memory;
        this.others = others;
        this.staging = staging;
        this.handler = handler;
    }

    /** Asked between two batches; throws when the copy is to end. */
    interface Wanted {
        void require() throws CaptureException;
    }

    void run(Wanted wanted) throws IOException {
        for (ImageLayout.Block block : others.layout().blocks().blocks()) {
            if (block != others.main() && block != others.layout().blocks().deviceState()) {
                others(block, wanted);
            }
        }
        int changed = round(true, wanted);
        for (int i = 1; i < MAX_ROUNDS && changed > FEW_PAGES; i++) {
            changed = round(false, wanted);
        }
    }

    private void others(ImageLayout.Block block, Wanted wanted) throws IOException {
        for (int from = 0; from < block.pages(); from += BATCH_PAGES) {
            wanted.require();
            staging.reset();
            others.stage(staging, block, from, Math.min(block.pages(), from + BATCH_PAGES));
            handler.initialPages(staging);
        }
    }

    private int round(boolean all, Wanted wanted) throws IOException {
        int staged = 0;
        for (int from = 0; from < memory.pages(); from += BATCH_PAGES) {
            wanted.require();
            staging.reset();
            int now = memory.copy(staging, from, Math.min(memory.pages(), from + BATCH_PAGES), all);
            if (now > 0) {
                handler.initialPages(staging);
            }
            staged += now;
        }
        return staged;
    }
}
