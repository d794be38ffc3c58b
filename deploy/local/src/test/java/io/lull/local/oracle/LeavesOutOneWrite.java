package io.lull.local.oracle;

import io.lull.worker.disk.DiskSink;
import io.lull.worker.page.StagedPages;
import io.lull.worker.primary.CaptureTap;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Lets one disk write of one epoch go lost. */
final class LeavesOutOneWrite implements CaptureTap {
    private final CommitOracle oracle;
    private final long from;
    private volatile OptionalLong spoiled = OptionalLong.empty();

    /**
     * @param oracle sees each epoch
     * @param from the first epoch that may be spoiled
     */
    LeavesOutOneWrite(CommitOracle oracle, long from) {
        this.oracle = oracle;
        this.from = from;
    }

    /** The epoch whose write is lost; empty as long as none is. */
    OptionalLong spoiled() {
        return spoiled;
    }

    @Override
    public void captured(long epoch, StagedPages pages) {
        oracle.captured(epoch, pages);
    }

    @Override
    public DiskSink diskWrites(DiskSink next) {
        return new DiskSink() {
            @Override
            public void write(long epoch, long offset, ByteBuffer data) {
                if (spoiled.isEmpty() && epoch >= from) {
                    spoiled = OptionalLong.of(epoch);
                } else {
                    next.write(epoch, offset, data);
                }
            }

            @Override
            public void zero(long epoch, long offset, long length) {
                next.zero(epoch, offset, length);
            }
        };
    }
}
