package io.lull.worker.backup;

import io.lull.policy.Checks;
import io.lull.policy.VmId;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a backup protects, where it keeps it, and its limits.
 *
 * @param vm the only VM that it accepts
 * @param listen address to listen on, port 0 for any
 * @param store where image and disk are kept
 * @param mode who decides to take over
 * @param timing limits of a connection
 */
public record BackupOptions(VmId vm, InetSocketAddress listen, Store store, FailoverMode mode, Timing timing) {
    /**
     * Where things are kept.
     *
     * @param directory for the image; best a file system in memory
     * @param disk the raw disk image to keep, which must exist in the primary's size; empty for a VM without one
     * @param syncDisk whether an epoch counts as committed only once its disk writes are on stable storage
     * @param maxImageBytes most RAM that a primary may announce
     * @param redoMemoryBytes redo log that is held in memory outside the heap; the rest goes to files in {@code directory}
     */
    public record Store(
            Path directory, Optional<Path> disk, boolean syncDisk, long maxImageBytes, long redoMemoryBytes) {
        /** 256 MiB of redo log in memory, no disk sync, images up to 64 GiB. */
        public static Store defaults(Path directory, Optional<Path> disk) {
            return new Store(directory, disk, false, 64L << 30, 256L << 20);
        }

        public Store {
            Checks.positive("maxImageBytes", maxImageBytes);
            Checks.positive("redoMemoryBytes", redoMemoryBytes);
        }
    }

    /**
     * Limits of a connection.
     *
     * @param handshakeLimitNanos a peer that hasn't proven who it is and said HELLO by then is dropped
     * @param heartbeatNanos something is sent at least this often
     * @param silenceLimitNanos a primary that says nothing for so long is lost
     * @param standstillLimitNanos a primary is let go when for so long nothing of its epochs could be kept or applied
     */
    public record Timing(
            long handshakeLimitNanos, long heartbeatNanos, long silenceLimitNanos, long standstillLimitNanos) {
        /** 2 s to say HELLO, a heartbeat every 100 ms, lost after 1 s, a minute for what the disk may stall. */
        public static final Timing DEFAULT = new Timing(2_000_000_000L, 100_000_000L, 1_000_000_000L);

        private static final long STANDSTILL_NANOS = 60_000_000_000L;

        /** With a minute for what the disk may stall. */
        public Timing(long handshakeLimitNanos, long heartbeatNanos, long silenceLimitNanos) {
            this(handshakeLimitNanos, heartbeatNanos, silenceLimitNanos, STANDSTILL_NANOS);
        }

        public Timing {
            Checks.positive("handshakeLimitNanos", handshakeLimitNanos);
            Checks.positive("heartbeatNanos", heartbeatNanos);
            Checks.positive("standstillLimitNanos", standstillLimitNanos);
            if (silenceLimitNanos < 2 * heartbeatNanos) {
                throw new IllegalArgumentException("silenceLimitNanos " + silenceLimitNanos
                        + " must be at least two heartbeats of " + heartbeatNanos + " ns");
            }
        }
    }
}
