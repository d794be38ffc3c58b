package io.lull.worker.disk;

/** Is told when a disk loses its protection. */
@FunctionalInterface
public interface MirrorListener {
    /** The mirror job ended by itself; the guest goes on, and its writes reach only its own disk. Called once. */
    void onDiskUnprotected(String reason);
}
