package io.lull.lab.trace;

import io.lull.policy.sim.RecordedWorkload;
import io.lull.policy.sim.Workload;
import io.lull.schemas.file.Recording;
import io.lull.schemas.file.RecordingFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What {@code lull record} wrote of a protected VM, as workloads that replay it. */
public final class Recordings {
    private Recordings() {}

    /** The workloads of {@code file}, named for {@code name}. An {@link IOException} says in one line what is wrong. */
    public static List<Workload> read(Path file, String name) throws IOException {
        Recording recording = RecordingFile.read(file);
        try {
            return RecordedWorkload.of(name, recording.samples(), recording.reports());
        } catch (IllegalArgumentException e) {
            throw new IOException("recording " + file + " can't be replayed: " + e.getMessage(), e);
        }
    }
}
