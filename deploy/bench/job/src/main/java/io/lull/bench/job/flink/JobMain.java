package io.lull.bench.job.flink;

import io.lull.bench.job.kafka.Replay;
import io.lull.bench.job.process.ChildLoop;
import io.lull.job.CheckpointSchedulingJob;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job on a Flink mini cluster as a process of its own; its arguments are the job's, {@code --key value}. */
public final class JobMain {
    private static final long POLL_MILLIS = 50;
    private static final int BUFFERS_MEBIBYTES = 64;

    private JobMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i].substring("--".length()), arguments[i + 1]);
        }
        Configuration configuration = Configuration.fromMap(options);
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(clusterSettings())
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(1)
                .build());
        cluster.start();
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(configuration);
        JobID job = cluster.submitJob(
                        CheckpointSchedulingJob.build(env, configuration).getJobGraph())
                .get()
                .getJobID();
        awaitRunning(cluster, job);
        new ChildLoop()
                .on("open", () -> {
                    Replay.open();
                    return "OPEN";
                })
                .on("shut", () -> {
                    Replay.shut();
                    return "SHUT";
                })
                .run(job.toString());
        cluster.close();
        // Flink leaves a thread behind for a second.
        System.exit(0);
    }

    private static Configuration clusterSettings() {
        Configuration settings = new Configuration();
        settings.set(RestOptions.PORT, 0);
        settings.set(RestOptions.BIND_PORT, "0");
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        settings.set(RestOptions.ADDRESS, "127.0.0.1");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(BUFFERS_MEBIBYTES));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(BUFFERS_MEBIBYTES));
        return settings;
    }

    private static void awaitRunning(MiniCluster cluster, JobID job) throws Exception {
        while (!isRunning(cluster, job)) {
            if (cluster.getJobStatus(job).get().isGloballyTerminalState()) {
                throw new IllegalStateException(
                        "the job has ended: " + cluster.getJobStatus(job).get());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean isRunning(MiniCluster cluster, JobID job) throws Exception {
        if (cluster.getJobStatus(job).get() != JobStatus.RUNNING) {
            return false;
        }
        for (AccessExecutionVertex vertex : cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
            if (vertex.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
        }
        return true;
    }
}
