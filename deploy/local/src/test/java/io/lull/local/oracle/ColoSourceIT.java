package io.lull.local.oracle;

import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.colo.ColoSource;

class ColoSourceIT extends CheckpointSourceContract {
    @Override
    protected CheckpointSource source(CapturedGuest of) {
        return new ColoSource(of.monitor(), folder.resolve("colo.sock"), System::nanoTime);
    }

    /** A page that was written as it was is a dirty page to QEMU. */
    @Override
    protected int mostUnchangedPages() {
        return 300;
    }
}
