package io.lull.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a local stack is made of.
 *
 * @param root the repository
 * @param name of the VM, the network namespace and the folder; short
 * @param vcpus of the guest
 * @param kernelOptions the guest's {@code g.*} options besides its address
 * @param primary overrides of the primary's configuration, YAML key paths with dots
 * @param backup the same of the backup's
 * @param keep whether the stack's folder stays when it is ended by a signal
 */
public record LocalOptions(
        Path root,
        String name,
        int vcpus,
        String kernelOptions,
        Map<String, Object> primary,
        Map<String, Object> backup,
        boolean keep) {
    /** redis with an append-only file on the replicated disk, nginx, a page dirtier. */
    public static LocalOptions demo(Path root, String name, boolean keep) {
        return new LocalOptions(
                root,
                name,
                1,
                "g.run=redis,nginx g.web=8 g.data=/dev/vda g.aof=everysec g.dirty=4:200",
                Map.of(),
                Map.of(),
                keep);
    }

    /** redis and nginx alone: what the published comparison of schedules ran on. */
    public static LocalOptions scheduling(Path root, String name, boolean keep) {
        return new LocalOptions(root, name, 1, "g.run=redis,nginx g.web=8 g.data=/dev/vda", Map.of(), Map.of(), keep);
    }

    /** Beside the services a dirtier that makes some 9 ms of running, between two pauses, about a thousand pages. */
    public static LocalOptions soak(Path root, String name, boolean keep) {
        return new LocalOptions(
                root, name, 1, "g.run=redis,nginx g.web=8 g.data=/dev/vda g.dirty=16:90000", Map.of(), Map.of(), keep);
    }

    /** The services, and the workload that finds each wrong byte of its memory and counts on a serial port. */
    public static LocalOptions switchover(Path root, String name, boolean keep) {
        return new LocalOptions(
                root,
                name,
                1,
                "g.run=redis,nginx,integrity g.integrity=8:1:2000 g.counter=/dev/ttyS1 g.web=4 g.data=/dev/vda"
                        + " g.aof=everysec",
                Map.of(),
                Map.of(),
                keep);
    }

    /**
     * The repository that a folder lies in, with a guest that is built.
     *
     * @throws IOException when there is none; one line
     */
    public static Path repositoryAbove(Path folder) throws IOException {
        for (Path root = folder.toAbsolutePath(); root != null; root = root.getParent()) {
            if (Files.exists(root.resolve(".lull/guest/vmlinux"))) {
                return root;
            }
        }
        throw new IOException("no guest image above " + folder.toAbsolutePath() + ": run deploy/guest/build.sh");
    }

    /** Where the image builder leaves the guest. */
    public Path guest() {
        return root.resolve(".lull/guest");
    }

    /** Folder of this stack's sockets, disks and logs, and of all else that it writes but the committed image. */
    public Path folder() {
        return root.resolve(".lull/run/" + name);
    }
}
