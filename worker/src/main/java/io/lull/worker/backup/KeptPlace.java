package io.lull.worker.backup;

import io.lull.policy.VmId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a backup keeps things.
 *
 * @param directory of images, slots and state
 * @param vm whose
 * @param disk the disk's copy; empty without one
 */
record KeptPlace(Path directory, VmId vm, Optional<DiskImage> disk) {
    /** Of the image that counts. */
    Path imageFile() {
        return directory.resolve("image.ram");
    }

    /** Of one that has no commit yet, while another counts. */
    Path nextImageFile() {
        return directory.resolve("image.next.ram");
    }

    List<Path> imageFiles() {
        return List.of(imageFile(), nextImageFile());
    }

    Path stateFile() {
        return directory.resolve(CommitStateFile.NAME);
    }

    /** What the disk's copy may come to take of the room that images and slots have; it is sparse at first. */
    long diskBytesInFolder() {
        return disk.filter(copy -> copy.isBeside(directory))
                .map(DiskImage::bytes)
                .orElse(0L);
    }

    /** How the disk is now; empty without one, and where that can't be told. */
    Optional<DiskStamp> diskNow() throws IOException {
        return disk.isPresent() ? disk.get().stamp() : Optional.empty();
    }

    /** What was written to it last. */
    List<DiskSample> written() {
        return disk.map(DiskImage::written).orElse(List.of());
    }
}
