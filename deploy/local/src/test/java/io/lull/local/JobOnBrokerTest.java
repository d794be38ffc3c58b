package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.kafka.RawTopics;
import io.lull.policy.OperatorIntent;
import io.lull.policy.Targets;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.schemas.topic.RecordKeys;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import io.lull.schemas.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real job on a Flink mini cluster, against a real broker. */
class JobOnBrokerTest {
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final Wire WIRE = new Wire();
    private static final VmId VM = new VmId("vm-1");

    /** What the intents' topic takes in one record, with room for key and framing: the worst case for its headers. */
    private static final int LARGEST_BYTES = (1 << 20) + (60 << 10);

    @TempDir
    private Path folder;

    private JobOnBroker running;

    @BeforeEach
    void start() throws Exception {
        running = JobOnBroker.start(folder, TOPICS);
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    private List<WorkerCommand> commands() {
        return running.topics().received(TOPICS.commands().name()).stream()
                .map(kafkaRecord -> decoded(kafkaRecord.value()))
                .toList();
    }

    private List<StandingPlan> plans() {
        return commands().stream()
                .filter(StandingPlan.class::isInstance)
                .map(StandingPlan.class::cast)
                .toList();
    }

    private List<EndEpoch> ends() {
        return commands().stream()
                .filter(EndEpoch.class::isInstance)
                .map(EndEpoch.class::cast)
                .toList();
    }

    private static WorkerCommand decoded(byte[] value) {
        try {
            return WIRE.decodeCommand(value);
        } catch (BadRecordException e) {
            throw new AssertionError("the job wrote a command that can't be read", e);
        }
    }

    /** Sends samples until {@code wanted} is so; the job reads only what comes after it is ready. */
    private void sampleUntil(String what, LullSamples samples, BooleanSupplier wanted) throws Exception {
        RawTopics topics = running.topics();
        running.until(what, () -> {
            topics.send(TOPICS.telemetry().name(), VM.value(), WIRE.encode(samples.next()));
            return wanted.getAsBoolean();
        });
    }

    private static OperatorIntent pin(long intervalNanos) {
        return new OperatorIntent(
                VM,
                OperatorIntent.Kind.PIN_INTERVAL,
                Optional.empty(),
                OptionalLong.of(intervalNanos),
                OptionalLong.empty(),
                Optional.empty(),
                Targets.NONE,
                "ada",
                "trial",
                0,
                OptionalLong.empty());
    }

    @Test
    void plansAndEndsEpochsInIdleSlots() throws Exception {
        LullSamples samples = new LullSamples(VM, 7);

        sampleUntil("a plan for the VM", samples, () -> !plans().isEmpty());
        sampleUntil("a command to end epoch 7", samples, () -> !ends().isEmpty());

        assertThat(plans().get(0).plan().plan().policy()).isEqualTo("plover.idle");
        assertThat(plans().get(0).plan().plan().placement()).isEqualTo(TriggerPlacement.JOB);
        assertThat(ends().get(0).epoch()).isEqualTo(7);
        running.topics().await("its decisions", TOPICS.decisions().name(), decisions -> decisions.size() >= 2);
        samples.nextEpoch();
        sampleUntil("metrics of the VM", samples, () -> !running.topics()
                .received(TOPICS.metrics().name())
                .isEmpty());
        assertThat(ends()).extracting(EndEpoch::epoch).doesNotHaveDuplicates();

        OperatorIntent pin = pin(10_000_000);
        running.topics().send(TOPICS.intents().name(), RecordKeys.of(pin), WIRE.encode(pin));
        sampleUntil("a pinned plan", samples, () -> lastMaxEpochNanos() == 10_000_000);
    }

    @Test
    void keepsBadRecordsByteForByteAndGoesOn() throws Exception {
        LullSamples samples = new LullSamples(VM, 7);
        sampleUntil("a plan for the VM", samples, () -> !plans().isEmpty());
        byte[] large = new byte[LARGEST_BYTES];
        new Random(5).nextBytes(large);
        byte[] wrongSchema = WIRE.encode(plans().get(0));
        byte[] cut = Arrays.copyOf(WIRE.encode(samples.next()), 20);
        List<byte[]> bad = List.of(new byte[0], "no record".getBytes(StandardCharsets.UTF_8), wrongSchema, cut, large);
        List<Topic> inputs = List.of(TOPICS.telemetry(), TOPICS.epochs(), TOPICS.intents());
        List<String> expected = new ArrayList<>();
        for (Topic input : inputs) {
            running.topics().send(input.name(), VM.value(), null);
            for (byte[] value : bad) {
                running.topics().send(input.name(), VM.value(), value);
                expected.add(input.name() + " " + Arrays.hashCode(value) + " " + value.length);
            }
        }

        var rejected = running.topics()
                .await("every bad record", TOPICS.rejected().name(), records -> records.size() >= expected.size());

        assertThat(rejected)
                .extracting(record -> record.headers().get("source.topic") + " " + Arrays.hashCode(record.value()) + " "
                        + record.value().length)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(rejected).allSatisfy(record -> {
            assertThat(record.key()).isEqualTo(VM.value());
            assertThat(record.headers().get("source.partition")).matches("[0-9]+");
            assertThat(record.headers().get("source.offset")).matches("[0-9]+");
            assertThat(record.headers().get("reason")).isNotBlank();
        });
        int before = plans().size();
        sampleUntil("a further plan", samples, () -> plans().size() > before);
        assertThat(running.restarts()).isZero();
    }

    @Test
    void goesOnFromAFlinkCheckpointWhenItsTaskManagerDies() throws Exception {
        LullSamples samples = new LullSamples(VM, 7);
        sampleUntil("epoch 7 to be ended", samples, () -> !ends().isEmpty());
        running.checkpoint();
        int before = plans().size();
        long lastPlanId = plans().get(before - 1).plan().planId();
        running.replaceTaskManager();

        sampleUntil("a plan after the restart", samples, () -> plans().size() > before);
        samples.nextEpoch();
        sampleUntil("epoch 8 to be ended", samples, () -> ends().size() > 1);

        assertThat(ends())
                .as("had it lost its state, it would end epoch 7 again")
                .extracting(EndEpoch::epoch)
                .containsExactly(7L, 8L);
        assertThat(plans().get(before).plan().planId()).isGreaterThan(lastPlanId);
        assertThat(running.restarts()).isPositive();
    }

    private long lastMaxEpochNanos() {
        List<StandingPlan> plans = plans();
        return plans.isEmpty() ? 0 : plans.get(plans.size() - 1).plan().plan().maxEpochNanos();
    }
}
