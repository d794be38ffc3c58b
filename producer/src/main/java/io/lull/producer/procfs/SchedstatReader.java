package io.lull.producer.procfs;

import java.io.IOException;
import java.nio.file.Path;

/** Reads the times of one thread of a process; keeps its file open until closed. Not thread-safe. */
public final class SchedstatReader implements TaskTimesSource, AutoCloseable {
    private static final int MAX_BYTES = 128;

    private final ProcFile file;

    private SchedstatReader(ProcFile file) {
        this.file = file;
    }

    /**
     * @param proc where the kernel's files are, {@code /proc}
     * @param pid QEMU's process
     * @param threadId the vCPU's thread
     */
    public static SchedstatReader open(Path proc, long pid, long threadId) throws ProbeException {
        Path path = proc.resolve(pid + "/task/" + threadId + "/schedstat");
        return new SchedstatReader(ProcFile.open(path, MAX_BYTES));
    }

    @Override
    public TaskTimes read() throws ProbeException {
        try {
            return TaskTimes.parse(file.read());
        } catch (ProbeException e) {
            throw e.in(file.path());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
