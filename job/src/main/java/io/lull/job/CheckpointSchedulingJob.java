package io.lull.job;

import io.lull.job.kafka.Delivery;
import io.lull.job.metrics.MetricsFunction;
import io.lull.job.schedule.MicrosClock;
import io.lull.job.schedule.SchedulerFunction;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.InboundTypeInfo;
import io.lull.job.stream.Input;
import io.lull.job.stream.Outgoing;
import io.lull.job.stream.Triage;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import java.time.Duration;
import java.util.Locale;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * The job that plans every VM's checkpoints.
 *
 * <pre>
 * telemetry ─┐                                    ┌─▶ commands, at once
 * epochs ────┼─ decode, triage ─┬─ by VM: schedule ─┼─▶ decisions
 * intents ───┘        │         │                   └─▶ rejected
 *                     │         └─ by VM: metrics ────▶ metrics
 *                     └──────── bad records ──────────▶ rejected
 * </pre>
 */
public final class CheckpointSchedulingJob {
    private static final String NAME = "lull-checkpoint-scheduling";

    /** How far a partition's records may be out of order. */
    private static final Duration OUT_OF_ORDER = Duration.ofMillis(200);

    /** A partition without a record for this long no longer holds back the windows of VMs that are silent. */
    private static final Duration IDLENESS = Duration.ofSeconds(1);

    private CheckpointSchedulingJob() {}

    /** Runs the job until it is cancelled; see {@link JobOptions}. */
    public static void main(String[] arguments) throws Exception {
        Configuration configuration = JobArguments.parse(arguments);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.execute(build(env, configuration));
    }

    /** The job's graph; an {@link IllegalArgumentException} names the option that is wrong. */
    public static StreamGraph build(StreamExecutionEnvironment env, Configuration configuration) {
        JobSettings settings = JobSettings.of(configuration);
        Configuration flink = FlinkDefaults.under(env.getConfiguration(), configuration);
        refuseHalfOfExactlyOnce(settings, flink);
        env.configure(flink);
        Topics topics = settings.topics();
        SingleOutputStreamOperator<Inbound> samples = read(env, settings, Input.TELEMETRY, topics.telemetry());
        SingleOutputStreamOperator<Inbound> reports = read(env, settings, Input.EPOCHS, topics.epochs());
        SingleOutputStreamOperator<Inbound> intents = read(env, settings, Input.INTENTS, topics.intents());
        DataStream<Inbound> byVm = moveToTheirVms(samples.union(reports, intents));
        SingleOutputStreamOperator<Outgoing> commands = schedule(byVm, settings);
        write(commands, settings.kafka().sink(), "commands");
        write(commands.getSideOutput(SchedulerFunction.DECISIONS), accountable(settings, "decisions"), "decisions");
        DataStream<Outgoing> rejected = samples.getSideOutput(Triage.REJECTED)
                .union(
                        reports.getSideOutput(Triage.REJECTED),
                        intents.getSideOutput(Triage.REJECTED),
                        commands.getSideOutput(Triage.REJECTED));
        write(rejected, settings.kafka().sink(), "rejected");
        if (settings.metrics()) {
            write(summarise(byVm, topics), accountable(settings, "metrics"), "metrics");
        }
        StreamGraph graph = env.getStreamGraph();
        graph.setJobName(NAME);
        return graph;
    }

    /** Records that are written once and made twice, because the state that they come from was counted twice. */
    private static void refuseHalfOfExactlyOnce(JobSettings settings, Configuration flink) {
        ConfigOption<CheckpointingMode> mode = CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE;
        if (settings.delivery() == Delivery.EXACTLY_ONCE && flink.get(mode) != CheckpointingMode.EXACTLY_ONCE) {
            throw new IllegalArgumentException(JobOptions.DELIVERY.key() + " EXACTLY_ONCE needs " + mode.key()
                    + " EXACTLY_ONCE, is " + flink.get(mode));
        }
    }

    private static SingleOutputStreamOperator<Inbound> read(
            StreamExecutionEnvironment env, JobSettings settings, Input input, Topic topic) {
        String name = input.name().toLowerCase(Locale.ROOT);
        String groupId = settings.topics().prefix() + "-job";
        return env.fromSource(settings.kafka().source(input, topic.name(), groupId), watermarks(), "read " + name)
                .uid("read-" + name)
                .process(new Triage(settings.topics().rejected().name()))
                .name("triage " + name)
                .uid("triage-" + name)
                .returns(InboundTypeInfo.INSTANCE);
    }

    /**
     * Event time of each partition by itself; one that is silent holds nothing back. VMs that send go by their own time
     * ({@code metrics.VmTime}), those that don't by this one.
     */
    static WatermarkStrategy<Inbound> watermarks() {
        return WatermarkStrategy.<Inbound>forBoundedOutOfOrderness(OUT_OF_ORDER)
                .withTimestampAssigner((inbound, kafkaMillis) -> inbound.eventMillis())
                .withIdleness(IDLENESS);
    }

    /**
     * Moves each record to the subtask that has its VM, once for all that is done with it there. {@link #keyed} says of
     * what comes out that it is in its place already.
     */
    private static DataStream<Inbound> moveToTheirVms(DataStream<Inbound> inbound) {
        return inbound.keyBy(Inbound::vmName, Types.STRING)
                .map(record -> record)
                .returns(InboundTypeInfo.INSTANCE)
                .name("by VM")
                .uid("by-vm");
    }

    private static KeyedStream<Inbound, String> keyed(DataStream<Inbound> byVm) {
        return DataStreamUtils.reinterpretAsKeyedStream(byVm, Inbound::vmName, Types.STRING);
    }

    static SingleOutputStreamOperator<Outgoing> schedule(DataStream<Inbound> byVm, JobSettings settings) {
        Topics topics = settings.topics();
        SchedulerFunction.OutputTopics outputs = new SchedulerFunction.OutputTopics(
                topics.commands().name(),
                topics.decisions().name(),
                topics.rejected().name());
        return keyed(byVm)
                .process(new SchedulerFunction(settings.scheduler(), outputs, MicrosClock.SYSTEM), Outgoing.TYPE)
                .name("schedule")
                .uid("schedule");
    }

    private static SingleOutputStreamOperator<Outgoing> summarise(DataStream<Inbound> byVm, Topics topics) {
        SingleOutputStreamOperator<Inbound> summed = byVm.filter(inbound -> !(inbound instanceof Inbound.Intent))
                .name("without intents")
                .uid("without-intents");
        return keyed(summed)
                .process(new MetricsFunction(topics.metrics().name(), MicrosClock.SYSTEM), Outgoing.TYPE)
                .name("metrics")
                .uid("metrics");
    }

    /** A sink of what is read later, delivered as the settings ask. */
    private static KafkaSink<Outgoing> accountable(JobSettings settings, String name) {
        return settings.kafka().sink(settings.delivery(), settings.topics().prefix() + "-job-" + name);
    }

    private static void write(DataStream<Outgoing> records, KafkaSink<Outgoing> sink, String name) {
        records.sinkTo(sink).name("write " + name).uid("write-" + name);
    }
}
