package io.lull.worker.disk;

import io.lull.policy.Checks;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much the copy of a disk's old contents may disturb a guest that is checkpointed meanwhile.
 *
 * @param bytesPerSecond at which it copies
 * @param bufferBytes that it has under way at most: a pause waits for them
 */
public record CopyLimit(long bytesPerSecond, long bufferBytes) {
    /** 20 MB/s and 1 MiB, which keep a pause within some milliseconds. */
    public static final CopyLimit WHILE_ARMED = new CopyLimit(20_000_000, 1 << 20);

    public CopyLimit {
        Checks.positive("bytesPerSecond", bytesPerSecond);
        Checks.positive("bufferBytes", bufferBytes);
    }

    /**
     * What a copy may take: what is configured, and three quarters of what the link to the backup may carry, so that the
     * guest's own writes do not wait behind it.
     *
     * @param configured bytes per second, empty for no limit of its own
     * @param ceiling of the link, bytes per second
     * @param bufferBytes that it has under way at most
     */
    public static Optional<CopyLimit> under(OptionalLong configured, OptionalLong ceiling, long bufferBytes) {
        if (configured.isEmpty() && ceiling.isEmpty()) {
            return Optional.empty();
        }
        long share = ceiling.isPresent() ? Math.max(1, ceiling.getAsLong() / 4 * 3) : Long.MAX_VALUE;
        return Optional.of(new CopyLimit(Math.min(configured.orElse(Long.MAX_VALUE), share), bufferBytes));
    }
}
