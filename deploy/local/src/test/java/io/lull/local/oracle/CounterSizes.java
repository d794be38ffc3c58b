package io.lull.local.oracle;

import io.lull.worker.page.StagedPages;
import io.lull.worker.primary.CaptureTap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers how much the guest had sent to its counter port at the end of each epoch, while it was paused. */
final class CounterSizes implements CaptureTap {
    private final Path counter;
    private final Map<Long, Integer> sizes = new ConcurrentHashMap<>();

    CounterSizes(Path counter) {
        this.counter = counter;
    }

    @Override
    public void captured(long epoch, StagedPages pages) {
        try {
            sizes.put(epoch, Math.toIntExact(Files.size(counter)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes sent by the end of an epoch that was captured. */
    int at(long epoch) {
        return Optional.ofNullable(sizes.get(epoch))
                .orElseThrow(() -> new AssertionError("epoch " + epoch + " was committed, but never captured"));
    }

    /** Bytes sent by the end of the epoch before, if the guest sent any in between. */
    Optional<Integer> before(long epoch) {
        return Optional.ofNullable(sizes.get(epoch - 1)).filter(size -> size != at(epoch));
    }
}
