package io.lull.bench.faults.scene;

import io.lull.local.kafka.FlinkJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Flink with the job as a process of its own, to be killed. Arguments: folder, {@code host:port} of the broker. */
public final class JobMain {
    private JobMain() {}

    /** Runs until it is ended. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (FlinkJob job = FlinkJob.start(Path.of(args[0]), args[1])) {
            System.out.println(ControlProcesses.READY + " " + job.status());
            new CountDownLatch(1).await();
        }
    }
}
