package io.lull.worker.disk;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a mirror copies, and whereto.
 *
 * @param jobId the QEMU id of the job, and with "-target" behind it the name of the target node; unique in the VM
 * @param device the drive's id, or the name of its topmost node
 * @param socket where the NBD server listens
 * @param export the name of its export
 * @param limit how fast it copies the old contents; empty for as fast as it can, when no checkpoints are taken
 */
public record MirrorSpec(String jobId, String device, Path socket, String export, Optional<CopyLimit> limit) {
    String targetNode() {
        return jobId + "-target";
    }
}
