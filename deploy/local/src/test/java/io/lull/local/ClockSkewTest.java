package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.kafka.EmbeddedBroker;
import io.lull.local.kafka.RawTopics;
import io.lull.local.kafka.RawTopics.Received;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.signal.WindowMetrics;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts in one partition: one clock is right, one an hour ahead, one an hour behind. */
class ClockSkewTest {
    private static final Topics TOPICS = new Topics("lull", 1);
    private static final Wire WIRE = new Wire();
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long HOUR_MICROS = 3_600_000_000L;
    private static final long PANE_NANOS = 100_000_000;
    private static final long SAMPLES = 500;

    @TempDir
    private Path folder;

    private static void send(JobOnBroker running, VmId vm, LullSamples samples) throws Exception {
        running.topics().send(TOPICS.telemetry().name(), vm.value(), WIRE.encode(samples.next()));
    }

    /** How many samples there are in the windows of 100 ms, by VM. */
    private static Map<String, Long> counted(JobOnBroker running) throws BadRecordException {
        Map<String, Long> samples = new HashMap<>();
        for (Received kafkaRecord : running.topics().received(TOPICS.metrics().name())) {
            WindowMetrics window = WIRE.decodeMetrics(kafkaRecord.value());
            if (window.windowNanos() == PANE_NANOS) {
                samples.merge(
                        window.vm().value(),
                        window.load().map(WindowMetrics.Load::samples).orElse(0L),
                        Long::sum);
            }
        }
        return samples;
    }

    private static boolean isPlanned(JobOnBroker running, VmId vm) throws BadRecordException {
        for (Received kafkaRecord : running.topics().received(TOPICS.commands().name())) {
            if (kafkaRecord.key().equals(vm.value())
                    && WIRE.decodeCommand(kafkaRecord.value()) instanceof StandingPlan) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aClientWhoseClockIsHoursAheadIsHeardInEveryTopic() throws Exception {
        try (EmbeddedBroker broker = JobOnBroker.startBroker(folder)) {
            KafkaConnection connection = KafkaConnection.plain(broker.bootstrapServers());
            JobOnBroker.createTopics(connection, TOPICS);
            try (RawTopics ahead = new RawTopics(connection, List.of())) {
                long nowMillis = System.currentTimeMillis();
                for (Topic topic : TOPICS.all()) {
                    long takenMillis = ahead.sendAt(nowMillis + 2 * HOUR_MILLIS, topic.name(), "key", new byte[] {1});

                    assertThat(takenMillis).as(topic.name()).isLessThan(nowMillis + HOUR_MILLIS);
                }
            }
        }
    }

    @Test
    void noneIsLateAndAllAreScheduled() throws Exception {
        Map<VmId, LullSamples> vms = Map.of(
                new VmId("right"), new LullSamples(new VmId("right"), 7),
                new VmId("ahead"), new LullSamples(new VmId("ahead"), 7, HOUR_MICROS),
                new VmId("behind"), new LullSamples(new VmId("behind"), 7, -HOUR_MICROS));
        VmId driver = new VmId("driver");
        LullSamples driving = new LullSamples(driver, 7);
        try (JobOnBroker running = JobOnBroker.start(folder, TOPICS)) {
            running.until("the job reads", () -> {
                send(running, driver, driving);
                return isPlanned(running, driver);
            });
            for (int i = 0; i < SAMPLES; i++) {
                for (VmId vm : vms.keySet()) {
                    send(running, vm, vms.get(vm));
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
            running.until("every sample to be in a window", () -> {
                send(running, driver, driving);
                Map<String, Long> counted = counted(running);
                return vms.keySet().stream().allMatch(vm -> counted.getOrDefault(vm.value(), 0L) >= SAMPLES);
            });

            for (VmId vm : vms.keySet()) {
                assertThat(counted(running)).containsEntry(vm.value(), SAMPLES);
                assertThat(isPlanned(running, vm))
                        .as("a plan for the VM of host " + vm)
                        .isTrue();
            }
            assertThat(List.copyOf(running.topics().received(TOPICS.rejected().name())))
                    .isEmpty();
        }
    }
}
