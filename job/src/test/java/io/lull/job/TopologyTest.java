package io.lull.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.job.kafka.Delivery;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private static StreamGraph graph(Configuration configuration) {
        return CheckpointSchedulingJob.build(new StreamExecutionEnvironment(new Configuration()), configuration);
    }

    private static List<String> vertices(JobGraph graph) {
        return StreamSupport.stream(graph.getVertices().spliterator(), false)
                .map(JobVertex::getName)
                .toList();
    }

    @Test
    void chainsTheSchedulerToItsSinks() {
        List<String> vertices = vertices(graph(new Configuration()).getJobGraph());

        assertThat(vertices)
                .anyMatch(name -> name.contains("schedule")
                        && name.contains("write commands")
                        && name.contains("write decisions"));
    }

    @Test
    void movesEachRecordOnceForAllThatIsDoneByVm() {
        List<String> vertices = vertices(graph(new Configuration()).getJobGraph());

        assertThat(vertices)
                .filteredOn(name -> name.contains("by VM"))
                .singleElement()
                .satisfies(name -> assertThat(name).contains("schedule", "metrics", "write metrics"));
    }

    @Test
    void namesEveryOperatorForFlinkCheckpoints() {
        for (StreamNode node : graph(new Configuration()).getStreamNodes()) {
            assertThat(node.getTransformationUID()).as(node.getOperatorName()).isNotNull();
        }
    }

    @Test
    void leavesTheMetricsOutWhenTheyAreSwitchedOff() {
        Configuration configuration = new Configuration();
        configuration.set(JobOptions.METRICS, false);

        assertThat(vertices(graph(configuration).getJobGraph())).noneMatch(name -> name.contains("metrics"));
    }

    @Test
    void setsWhatTheLatencyDependsOnAndLetsTheUserWin() {
        StreamGraph byDefault = graph(new Configuration());
        Configuration own = new Configuration();
        own.setString("execution.checkpointing.interval", "30 s");
        StreamGraph byUser = graph(own);

        assertThat(byDefault.getStreamNodes()).allMatch(node -> node.getBufferTimeout() == 0);
        assertThat(byDefault.getCheckpointConfig().getCheckpointInterval()).isEqualTo(5000);
        assertThat(byDefault.getExecutionConfig().getMaxParallelism()).isEqualTo(120);
        assertThat(byDefault.getExecutionConfig().getSerializerConfig().hasGenericTypesDisabled())
                .isTrue();
        assertThat(byUser.getCheckpointConfig().getCheckpointInterval()).isEqualTo(30_000);
    }

    @Test
    void theClustersOwnConfigurationWinsOverTheJobsDefaultsAndTheJobsArgumentsOverBoth() {
        Configuration cluster = new Configuration();
        cluster.setString("execution.checkpointing.interval", "30 s");
        cluster.setString("pipeline.object-reuse", "false");
        Configuration arguments = new Configuration();
        arguments.setString("execution.checkpointing.interval", "40 s");
        StreamGraph byCluster =
                CheckpointSchedulingJob.build(new StreamExecutionEnvironment(cluster), new Configuration());
        StreamGraph byArguments = CheckpointSchedulingJob.build(new StreamExecutionEnvironment(cluster), arguments);

        assertThat(byCluster.getCheckpointConfig().getCheckpointInterval()).isEqualTo(30_000);
        assertThat(byCluster.getExecutionConfig().isObjectReuseEnabled()).isFalse();
        assertThat(byCluster.getExecutionConfig().getMaxParallelism()).isEqualTo(120);
        assertThat(byArguments.getCheckpointConfig().getCheckpointInterval()).isEqualTo(40_000);
    }

    @Test
    void aFlinkCheckpointThatFailsDoesNotEndTheJob() {
        assertThat(graph(new Configuration()).getCheckpointConfig().getTolerableCheckpointFailureNumber())
                .isEqualTo(100);
    }

    @Test
    void keepsTheStateExactlyOnceAndRefusesTransactionsWithoutIt() {
        Configuration half = new Configuration();
        half.set(JobOptions.DELIVERY, Delivery.EXACTLY_ONCE);
        assertThat(graph(half).getCheckpointConfig().getCheckpointingConsistencyMode())
                .isEqualTo(CheckpointingMode.EXACTLY_ONCE);
        half.setString("execution.checkpointing.mode", "AT_LEAST_ONCE");

        assertThatThrownBy(() -> graph(half))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lull.delivery EXACTLY_ONCE needs execution.checkpointing.mode EXACTLY_ONCE");
    }
}
