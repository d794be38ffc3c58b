package io.lull.local.kafka;

import io.lull.job.CheckpointSchedulingJob;
import io.lull.job.JobOptions;
import io.lull.local.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job on a Flink MiniCluster in this JVM. */
public final class FlinkJob implements AutoCloseable {
    private static final long RUNNING_LIMIT_MILLIS = 60_000;
    private static final long CANCEL_LIMIT_SECONDS = 10;

    private final MiniCluster cluster;
    private final JobID job;

    private FlinkJob(MiniCluster cluster, JobID job) {
        this.cluster = cluster;
        this.job = job;
    }

    /**
     * Starts it against a broker that has Lull's topics; returns when it runs.
     *
     * @param folder for Flink's own files
     * @throws IOException when it does not run in time, or Flink refuses it
     */
    public static FlinkJob start(Path folder, String bootstrap) throws IOException {
        try {
            Files.createDirectories(folder);
            MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                    .setConfiguration(flink(folder))
                    .setNumTaskManagers(1)
                    .setNumSlotsPerTaskManager(2)
                    .build());
            cluster.start();
            JobID job = submit(cluster, bootstrap);
            FlinkJob started = new FlinkJob(cluster, job);
            Await.until("the job runs", RUNNING_LIMIT_MILLIS, () -> started.status() == JobStatus.RUNNING);
            return started;
        } catch (Exception e) {
            throw new IOException("the job could not be started: " + e.getMessage(), e);
        }
    }

    /** @param folder for Flink's own files, which would otherwise lie and stay among everybody's temporary ones */
    private static Configuration flink(Path folder) {
        Configuration flink = new Configuration();
        flink.set(CoreOptions.TMP_DIRS, folder.toString());
        flink.set(WebOptions.TMP_DIR, folder.toString());
        flink.set(RestOptions.PORT, 0);
        flink.set(RestOptions.BIND_PORT, "0");
        flink.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        flink.set(RestOptions.ADDRESS, "127.0.0.1");
        flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
        flink.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
        flink.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
        return flink;
    }

    private static JobID submit(MiniCluster cluster, String bootstrap) throws InterruptedException, ExecutionException {
        Configuration options = new Configuration();
        options.set(JobOptions.BOOTSTRAP_SERVERS, bootstrap);
        options.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(options);
        return cluster.submitJob(CheckpointSchedulingJob.build(env, options).getJobGraph())
                .get()
                .getJobID();
    }

    /** What Flink says of the job. */
    public JobStatus status() throws IOException {
        try {
            return cluster.getJobStatus(job).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException("Flink does not know the job: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            cluster.cancelJob(job).get();
            cluster.requestJobResult(job).get(CANCEL_LIMIT_SECONDS, TimeUnit.SECONDS);
            cluster.close();
        } catch (Exception e) {
            System.err.println("closing Flink: " + e.getMessage());
        }
    }
}
