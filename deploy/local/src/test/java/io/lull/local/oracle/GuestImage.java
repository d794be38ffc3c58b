package io.lull.local.oracle;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Where the built test guest is; what is missing fails the test with a line that says what to do. */
final class GuestImage {
    private static final List<String> FILES = List.of("vmlinux", "initrd.gz", "data.ext4", "condfix.so");
    private static final String QEMU = "qemu-system-x86_64";

    private GuestImage() {}

    /** The folder with the guest's files. */
    static Path require() {
        boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, QEMU)));
        if (!found) {
            throw new AssertionError(QEMU + " is not in the PATH: run deploy/setup.sh");
        }
        Path images = root().resolve(".lull/guest");
        for (String file : FILES) {
            if (!Files.exists(images.resolve(file))) {
                throw new AssertionError(images.resolve(file) + " is missing: run deploy/guest/build.sh");
            }
        }
        return images;
    }

    private static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("deploy/guest/build.sh"))) {
                return folder;
            }
        }
        throw new AssertionError(start + " is not inside the repository: no deploy/guest/build.sh above it");
    }
}
