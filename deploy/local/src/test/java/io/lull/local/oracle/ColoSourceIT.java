package io.lull.local.oracle;

import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.colo.ColoSource;
import java.util.function.LongSupplier;

class ColoSourceIT extends CheckpointSourceContract {
    @Override
    protected CheckpointSource source(CapturedGuest of, LongSupplier nanoClock) {
        return new ColoSource(of.monitor(), folder.resolve("colo.sock"), nanoClock, () -> true);
    }

    /** A page that was written as it was is a dirty page to QEMU. */
    @Override
    protected int mostUnchangedPages() {
        return 300;
    }

    @Override
    protected long mostAllocatedBytes() {
        return 0;
    }
}
