package io.lull.job;

import io.lull.job.schedule.SchedulerFunction;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.InboundTypeInfo;
import io.lull.job.stream.Outgoing;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The scheduler as the job builds it, under the job's own operator id, on a mini cluster, without Kafka: it takes up a
 * list of records and then waits. One at a time, because what it writes is kept in the class.
 */
final class SchedulerOnCluster implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;
    private static final Queue<Outgoing> WRITTEN = new ConcurrentLinkedQueue<>();

    private final JobClient client;

    private SchedulerOnCluster(JobClient client) {
        this.client = client;
    }

    /** Starts it on the current mini cluster, from a savepoint where {@code flink} names one. */
    static SchedulerOnCluster start(Configuration flink, List<Inbound> records) throws Exception {
        WRITTEN.clear();
        flink.setString("pipeline.generic-types", "false");
        // Everything small goes into the savepoint's one file.
        flink.setString("state.storage.fs.memory-threshold", "1 mb");
        // The source of an older savepoint has delivered its records.
        flink.setString("execution.state-recovery.ignore-unclaimed-state", "true");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        env.setParallelism(1);
        env.setMaxParallelism(120);
        SingleOutputStreamOperator<Inbound> input = env.fromSequence(0, Long.MAX_VALUE)
                // Another source each time: it begins at the first of its own records.
                .uid("records-" + UUID.randomUUID())
                .flatMap(new OneByOne(List.copyOf(records)))
                .returns(InboundTypeInfo.INSTANCE);
        SingleOutputStreamOperator<Outgoing> commands =
                CheckpointSchedulingJob.schedule(input, JobSettings.of(new Configuration()));
        commands.union(commands.getSideOutput(SchedulerFunction.DECISIONS))
                .process(new Keep())
                .name("keep");
        return new SchedulerOnCluster(env.executeAsync("scheduler"));
    }

    /** What was written so far. */
    static List<Outgoing> written() {
        return List.copyOf(WRITTEN);
    }

    /** Returns what was written once it is as {@code wanted}; fails after a minute. */
    static List<Outgoing> await(String what, Predicate<List<Outgoing>> wanted) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        List<Outgoing> soFar = written();
        while (!wanted.test(soFar)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError("not within " + LIMIT_SECONDS + " s: " + what + "; so far " + soFar.size());
            }
            TimeUnit.MILLISECONDS.sleep(10);
            soFar = written();
        }
        return soFar;
    }

    /** Stops it; the path of its savepoint. */
    String stopWithSavepoint(Path folder) throws Exception {
        return client.stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        if (!client.getJobStatus().get().isGloballyTerminalState()) {
            client.cancel().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static final class OneByOne implements FlatMapFunction<Long, Inbound> {
        private static final long serialVersionUID = 1L;
        private final byte[][] records;

        OneByOne(List<Inbound> records) throws java.io.IOException {
            this.records = new byte[records.size()][];
            for (int i = 0; i < records.size(); i++) {
                var out = new org.apache.flink.core.memory.DataOutputSerializer(512);
                new io.lull.job.stream.InboundSerializer().serialize(records.get(i), out);
                this.records[i] = out.getCopyOfBuffer();
            }
        }

        @Override
        public void flatMap(Long index, Collector<Inbound> out) throws Exception {
            if (index < records.length) {
                byte[] bytes = records[index.intValue()];
                out.collect(new io.lull.job.stream.InboundSerializer()
                        .deserialize(new org.apache.flink.core.memory.DataInputDeserializer(bytes)));
            } else {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    private static final class Keep extends ProcessFunction<Outgoing, Outgoing> {
        private static final long serialVersionUID = 1L;

        @Override
        public void processElement(Outgoing outgoing, Context context, Collector<Outgoing> out) {
            WRITTEN.add(outgoing);
        }
    }
}
