package io.lull.job;

import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.CheckpointingMode;

/** Flink's own settings as a loop of a few milliseconds needs them, where neither the cluster nor the job's arguments say otherwise. */
final class FlinkDefaults {
    /** The most subtasks that a savepoint can be spread over; divides evenly by 2, 3, 4, 5, 6, 8, 10, 12 and more. */
    private static final int MAX_PARALLELISM = 120;

    private static final Duration CHECKPOINTING_INTERVAL = Duration.ofSeconds(5);
    /** Flink checkpoints in a row that may fail: of some 8 minutes, less than a transaction of a sink may stay open. */
    private static final int TOLERATED_FAILURES = 100;

    private final Configuration said = new Configuration();
    private final Configuration all = new Configuration();

    private FlinkDefaults(ReadableConfig cluster, Configuration arguments) {
        said.addAll(Configuration.fromMap(cluster.toMap()));
        said.addAll(arguments);
    }

    /**
     * The job's configuration of Flink.
     *
     * @param cluster what its environment has: the cluster's configuration and what the job was submitted with
     * @param arguments what the job was given itself; it wins
     */
    static Configuration under(ReadableConfig cluster, Configuration arguments) {
        return new FlinkDefaults(cluster, arguments).all();
    }

    private Configuration all() {
        set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ZERO);
        set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTING_INTERVAL);
        // For the state: what windows counted and policies learned is not counted twice after a restart.
        set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
        // No command needs one: storage that is away for a while takes the control of no VM.
        set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, TOLERATED_FAILURES);
        set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        set(PipelineOptions.GENERIC_TYPES, false);
        // Safe, because all that flows between operators is immutable.
        set(PipelineOptions.OBJECT_REUSE, true);
        // Timers that close windows wait for a watermark.
        set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(20));
        all.addAll(said);
        return all;
    }

    private <T> void set(ConfigOption<T> option, T value) {
        // Also under a name that the option had in an earlier Flink.
        if (said.getOptional(option).isEmpty()) {
            all.set(option, value);
        }
    }
}
