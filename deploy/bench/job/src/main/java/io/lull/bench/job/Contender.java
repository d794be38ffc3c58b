package io.lull.bench.job;

import io.lull.bench.job.flink.JobMain;
import io.lull.bench.job.kafka.RelayMain;
import io.lull.bench.job.kafka.Replay;
import io.lull.bench.job.kafka.streams.StreamsMain;
import io.lull.bench.job.process.ChildJvm;
import io.lull.bench.job.process.ChildLoop;
import io.lull.schemas.topic.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who is measured: a process that reads telemetry and answers, and what it was started with. */
final class Contender implements AutoCloseable {
    /**
     * What all of them run with. With few cores a collector with threads of its own would be the tail of latency. Half of
     * the heap is for what is young: of many VMs the panes that were closed lately are most of it, and each collection
     * copies what is open and looks through all that is old. The heap is of huge pages where the system has them for who
     * asks: what is kept of many VMs is spread over it, and where to find a small page is a miss beside that of what is in
     * it.
     */
    private static final List<String> FLAGS =
            List.of("-XX:+UseParallelGC", "-XX:NewRatio=1", "-XX:+UseTransparentHugePages", "-XX:-UsePerfData");

    private static final String KAFKA_PREFIX = "lull.kafka.";
    private static final int FETCHED_BYTES = 64 << 10;

    private final String name;
    private final Topics topics;
    private final String group;
    private final ChildJvm process;

    private Contender(String name, Topics topics, String group, ChildJvm process) {
        this.name = name;
        this.topics = topics;
        this.group = group;
        this.process = process;
    }

    /** The Flink job with these options beside where Kafka is and where its Flink checkpoints go. */
    static Contender job(String name, Setup setup, Topics topics, int heapMebibytes, Map<String, String> options)
            throws IOException {
        Map<String, String> all = new TreeMap<>(options);
        all.put("lull.bootstrap-servers", setup.connection().bootstrapServers());
        all.put("lull.topic-prefix", topics.prefix());
        all.put("parallelism.default", "1");
        all.put(
                "execution.checkpointing.dir",
                setup.folder().resolve("flink-" + name).toUri().toString());
        List<String> arguments = new ArrayList<>();
        all.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        ChildJvm process = ChildJvm.start(name, JobMain.class, flags(setup, heapMebibytes), arguments, setup.folder());
        process.await(ChildLoop.READY);
        return new Contender(name, topics, topics.prefix() + "-job", process);
    }

    static Contender relay(Setup setup, Topics topics, int heapMebibytes) throws IOException {
        return relay(setup, topics, heapMebibytes, "", List.of());
    }

    /** A relay that says how far it is. */
    static Contender committingRelay(Setup setup, Topics topics, int heapMebibytes) throws IOException {
        String group = topics.prefix() + "-relay";
        return relay(setup, topics, heapMebibytes, group, List.of(group));
    }

    private static Contender relay(Setup setup, Topics topics, int heapMebibytes, String group, List<String> more)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(setup.connection().bootstrapServers(), topics.prefix()));
        arguments.addAll(more);
        ChildJvm process =
                ChildJvm.start("relay", RelayMain.class, flags(setup, heapMebibytes), arguments, setup.folder());
        process.await(ChildLoop.READY);
        return new Contender("relay", topics, group, process);
    }

    /** Kafka Streams with the same options as the job, as far as they mean something there. */
    static Contender streams(Setup setup, Topics topics, int heapMebibytes, Map<String, String> options)
            throws IOException {
        String group = topics.prefix() + "-streams";
        List<String> arguments = new ArrayList<>(List.of(
                "--bootstrap-servers",
                setup.connection().bootstrapServers(),
                "--topic-prefix",
                topics.prefix(),
                "--group",
                group,
                "--state-dir",
                setup.folder().resolve("streams").toString()));
        new TreeMap<>(options).forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        ChildJvm process =
                ChildJvm.start("streams", StreamsMain.class, flags(setup, heapMebibytes), arguments, setup.folder());
        process.await(ChildLoop.READY);
        return new Contender("streams", topics, group, process);
    }

    /**
     * Settings of Kafka clients for a backlog: {@link Replay} between them and Kafka, and a few ticks of a partition in one
     * fetch. With a mebibyte, as by default, a VM would have a second's samples in one moment and then none for a while,
     * and what is done by the clock would be done once for all of them.
     */
    static Map<String, String> replayed(Map<String, String> options) {
        Map<String, String> all = new TreeMap<>(options);
        all.put(KAFKA_PREFIX + "interceptor.classes", Replay.class.getName());
        all.put(KAFKA_PREFIX + "max.partition.fetch.bytes", String.valueOf(FETCHED_BYTES));
        return all;
    }

    private static List<String> flags(Setup setup, int heapMebibytes) {
        List<String> flags = new ArrayList<>(FLAGS);
        // As Flink starts its TaskManagers: the heap is there at once, and no collection goes into making it larger.
        flags.add("-Xms" + heapMebibytes + "m");
        flags.add("-Xmx" + heapMebibytes + "m");
        flags.addAll(setup.contenderFlags());
        return flags;
    }

    String name() {
        return name;
    }

    Topics topics() {
        return topics;
    }

    /** The consumer group that it commits what it has worked off as. */
    String group() {
        return group;
    }

    long cpuNanos() {
        return process.cpuNanos();
    }

    /** Bytes that are live in its heap. */
    long liveBytes() throws IOException {
        return Long.parseLong(process.ask("heap", ChildLoop.HEAP));
    }

    void shut() throws IOException {
        process.ask("shut", "SHUT");
    }

    void open() throws IOException {
        process.ask("open", "OPEN");
    }

    @Override
    public void close() {
        process.close();
    }
}
