package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.kafka.TopicChanges;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the job makes of what happens to its Kafka: the real job on a Flink mini cluster, against a real broker. */
class KafkaFaultsTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final String TELEMETRY = TOPICS.telemetry().name();
    private static final Wire WIRE = new Wire();
    private static final VmId VM = new VmId("vm-1");
    private static final long OUTAGE_MILLIS = 3_000;

    @TempDir
    private Path folder;

    private final LullSamples samples = new LullSamples(VM, 7);

    private static List<StandingPlan> plansOf(JobOnBroker running, VmId vm) {
        return running.topics().received(TOPICS.commands().name()).stream()
                .map(kafkaRecord -> {
                    try {
                        return WIRE.decodeCommand(kafkaRecord.value());
                    } catch (BadRecordException e) {
                        throw new AssertionError("the job wrote a command that can't be read", e);
                    }
                })
                .filter(StandingPlan.class::isInstance)
                .map(StandingPlan.class::cast)
                .filter(plan -> plan.vm().equals(vm))
                .toList();
    }

    /** Sends samples of {@link #VM} until {@code wanted} is so. */
    private void sampleUntil(JobOnBroker running, String what, BooleanSupplier wanted) throws Exception {
        running.until(what, () -> {
            running.topics().send(TELEMETRY, VM.value(), WIRE.encode(samples.next()));
            return wanted.getAsBoolean();
        });
    }

    private void sampleUntilPlanned(JobOnBroker running) throws Exception {
        int before = plansOf(running, VM).size();
        sampleUntil(running, "a new plan", () -> plansOf(running, VM).size() > before);
    }

    @Test
    void aRestartOfTheBrokerIsWaitedOut() throws Exception {
        try (JobOnBroker running = JobOnBroker.start(folder, TOPICS)) {
            sampleUntilPlanned(running);

            running.broker().stop();
            Thread.sleep(OUTAGE_MILLIS);
            running.broker().start();

            sampleUntilPlanned(running);
            assertThat(running.restarts()).isZero();
            assertThat(running.status()).isEqualTo(JobStatus.RUNNING);
        }
    }

    @Test
    void aPartitionThatIsAddedIsReadFromItsBeginning() throws Exception {
        Map<String, String> options = Map.of("lull.kafka.partition.discovery.interval.ms", "500");
        VmId vm = new VmId("vm-2");
        try (JobOnBroker running = JobOnBroker.start(folder, TOPICS, options);
                TopicChanges changes = new TopicChanges(running.broker().bootstrapServers())) {
            sampleUntilPlanned(running);

            int partitions = TOPICS.partitions() + 1;
            changes.growTo(TELEMETRY, partitions);
            changes.send(TELEMETRY, partitions - 1, vm.value(), WIRE.encode(new LullSamples(vm, 3).next()));

            running.until("a plan for the VM in the new partition", () -> !plansOf(running, vm)
                    .isEmpty());
            sampleUntilPlanned(running);
            assertThat(running.restarts()).isZero();
        }
    }

    @Test
    void topicsThatAreMissingAtStartAreWaitedFor() throws Exception {
        try (JobOnBroker running = JobOnBroker.startWithoutTopics(folder, TOPICS)) {
            Thread.sleep(OUTAGE_MILLIS);
            assertThat(running.status().isTerminalState()).isFalse();

            running.createTopics();

            sampleUntilPlanned(running);
        }
    }

    @Test
    void afterRetentionCutWhatWasNotReadTheJobGoesOnWithTheNewestTelemetry() throws Exception {
        VmId gone = new VmId("vm-gone");
        VmId skipped = new VmId("vm-skipped");
        try (JobOnBroker running = JobOnBroker.start(folder, TOPICS);
                TopicChanges changes = new TopicChanges(running.broker().bootstrapServers())) {
            sampleUntilPlanned(running);
            running.checkpoint();
            running.endTaskManager();
            for (VmId vm : List.of(VM, gone)) {
                for (int partition = 0; partition < TOPICS.partitions(); partition++) {
                    changes.send(TELEMETRY, partition, vm.value(), WIRE.encode(new LullSamples(vm, 3).next()));
                }
            }
            assertThat(changes.cut(TELEMETRY)).isGreaterThanOrEqualTo(2L * TOPICS.partitions());
            for (int partition = 0; partition < TOPICS.partitions(); partition++) {
                changes.send(TELEMETRY, partition, skipped.value(), WIRE.encode(new LullSamples(skipped, 3).next()));
            }

            running.startTaskManager();

            sampleUntilPlanned(running);
            assertThat(plansOf(running, gone)).isEmpty();
            assertThat(plansOf(running, skipped))
                    .as("what is there but not new: a plan for it would be late")
                    .isEmpty();
        }
    }
}
