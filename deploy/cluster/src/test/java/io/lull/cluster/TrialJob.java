package io.lull.cluster;

import io.lull.cluster.kafka.TopicSet;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The job on the cluster, with topics of its own. */
final class TrialJob implements AutoCloseable {
    private static final Wire WIRE = new Wire();
    private static final int MARKERS = 16;

    private final Cluster cluster;
    private final TopicSet topics;
    private final Set<String> planned = ConcurrentHashMap.newKeySet();
    private final Thread plans;
    private String id = "";

    /**
     * What the job wrote, and its state at the end.
     *
     * @param ends the epochs that it ended, "vm/epoch"
     * @param repeats how many commands said again what one before had said
     * @param states each VM's keyed state
     */
    record Results(Set<String> ends, int repeats, Map<String, String> states) {}

    private TrialJob(Cluster cluster, TopicSet topics) {
        this.cluster = cluster;
        this.topics = topics;
        this.plans = topics.follow(topics.topics().commands(), value -> {
            if (command(value) instanceof StandingPlan plan) {
                planned.add(plan.vm().value());
            }
        });
    }

    /** Starts a job that looks for idle slots itself; returns when it reads every partition. */
    static TrialJob start(Cluster cluster, String prefix, int parallelism) throws Exception {
        TrialJob job = new TrialJob(cluster, TopicSet.create(cluster.bootstrapServers(), prefix));
        job.submit("--parallelism", Integer.toString(parallelism));
        job.mark("begin");
        return job;
    }

    /** Submits the job, with further arguments for the script. */
    void submit(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("submit"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of(
                "--lull.topic-prefix",
                topics.topics().prefix(),
                "--lull.policy",
                "plover.idle",
                "--lull.placement",
                "JOB",
                // On a machine under load commands come late, and some must come in time here.
                "--lull.command-expiry",
                "500 ms"));
        id = cluster.run(arguments.toArray(String[]::new));
    }

    String id() {
        return id;
    }

    TopicSet topics() {
        return topics;
    }

    /** Sends samples of VMs of this name, some in each partition, until each has a plan. */
    private void mark(String name) throws Exception {
        List<SimulatedVm> markers = IntStream.range(0, MARKERS)
                .mapToObj(i -> new SimulatedVm(new VmId(name + "-" + i), i))
                .toList();
        Set<Integer> partitions = new HashSet<>();
        Await.until("a plan for each marker VM " + name, () -> {
            for (SimulatedVm marker : markers) {
                byte[] value = WIRE.encode(marker.sample(SimulatedHosts.nowMicros()));
                partitions.add(topics.sendAndWait(
                        topics.topics().telemetry(), marker.vm().value(), value));
            }
            return markers.stream()
                    .allMatch(marker -> planned.contains(marker.vm().value()));
        });
        if (partitions.size() != topics.topics().partitions()) {
            throw new IllegalStateException("the markers' names fall into partitions " + partitions + " only");
        }
    }

    void replay(List<SimulatedHosts.Sent> sent) {
        sent.forEach(sample -> topics.send(topics.topics().telemetry(), sample.key(), sample.value()));
        topics.flush();
    }

    /** Waits until all that was sent is read, stops the job, and says what came of it. */
    Results finish(List<SimulatedHosts.Sent> sent) throws Exception {
        mark("end");
        Map<String, String> states = SavedStates.of(stop());
        Set<String> vms = sent.stream().map(SimulatedHosts.Sent::key).collect(Collectors.toSet());
        states.keySet().retainAll(vms);
        List<String> ends = ends(vms);
        Set<String> distinct = new HashSet<>(ends);
        return new Results(distinct, ends.size() - distinct.size(), states);
    }

    /** Stops the job with a savepoint; returns its path. */
    String stop() throws IOException, InterruptedException {
        String savepoint = cluster.run("stop-job", id);
        id = "";
        return savepoint;
    }

    private List<String> ends(Set<String> vms) {
        return topics.read(topics.topics().commands()).stream()
                .map(TrialJob::command)
                .filter(EndEpoch.class::isInstance)
                .map(EndEpoch.class::cast)
                .filter(end -> vms.contains(end.vm().value()))
                .map(end -> end.vm() + "/" + end.epoch())
                .toList();
    }

    private static WorkerCommand command(byte[] value) {
        try {
            return WIRE.decodeCommand(value);
        } catch (BadRecordException e) {
            throw new AssertionError("the job wrote a command that can't be read", e);
        }
    }

    /** Ends the job, if a failed test left it running. */
    @Override
    public void close() throws Exception {
        plans.interrupt();
        plans.join();
        if (!id.isEmpty()) {
            stop();
        }
        topics.close();
    }
}
