package io.lull.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.job.fixture.Inbounds;
import io.lull.job.fixture.Intents;
import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.job.stream.Inbound;
import io.lull.job.stream.Outgoing;
import io.lull.policy.TriggerPlacement;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.EndEpoch;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.BadRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scheduler goes on from savepoints that earlier versions of the job wrote; they are kept under
 * {@code src/test/resources/savepoints}, one folder a version, or a way of keeping state between two versions.
 *
 * <p>{@link #writesASavepointFromWhichItGoesOn} leaves the savepoint of the code as it is in {@code target/savepoint}; at
 * a release it is copied to the others: {@code cp -r job/target/savepoint job/src/test/resources/savepoints/VERSION}.
 */
class SavepointCompatibilityTest {
    private static final Path RELEASED = Path.of("src/test/resources/savepoints");
    private static final Path CURRENT = Path.of("target/savepoint");
    private static final long START_MICROS = 1_700_000_000_000_000L;
    private static final OptionalLong FOR_EVER = OptionalLong.empty();
    private static final int LEARNED_PAUSE_NANOS = 3_000_000;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .build());

    @TempDir
    private Path folder;

    static Stream<Path> released() throws IOException {
        try (Stream<Path> versions = Files.list(RELEASED)) {
            return versions.toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("released")
    void goesOnFromTheSavepointOfAnEarlierVersion(Path savepoint) throws Exception {
        goesOnFrom(savepoint);
    }

    @Test
    void writesASavepointFromWhichItGoesOn() throws Exception {
        Path written;
        try (SchedulerOnCluster first = SchedulerOnCluster.start(new Configuration(), before())) {
            SchedulerOnCluster.await(
                    "epoch 7 to be ended", written2 -> !ends(written2).isEmpty());
            written = Path.of(java.net.URI.create(first.stopWithSavepoint(folder)));
        }
        Files.createDirectories(CURRENT);
        Files.copy(written.resolve("_metadata"), CURRENT.resolve("_metadata"), StandardCopyOption.REPLACE_EXISTING);
        try (Stream<Path> files = Files.list(written)) {
            assertThat(files).as("all is in one file").hasSize(1);
        }
        goesOnFrom(CURRENT);
    }

    private void goesOnFrom(Path savepoint) throws Exception {
        Configuration flink = new Configuration();
        flink.setString("execution.state-recovery.path", savepoint.toUri().toString());
        try (SchedulerOnCluster second = SchedulerOnCluster.start(flink, after())) {
            List<Outgoing> written = SchedulerOnCluster.await(
                    "plans by lull, and the end of epoch 8",
                    soFar -> !ends(soFar).isEmpty()
                            && plans(soFar).stream()
                                    .anyMatch(
                                            plan -> plan.plan().plan().policy().equals("lull")));

            assertThat(ends(written))
                    .as("epoch 7 was ended before")
                    .extracting(EndEpoch::epoch)
                    .containsExactly(8L);
            StandingPlan first = plans(written).get(0);
            assertThat(first.plan().plan().policy()).as("as chosen before").isEqualTo("plover.idle");
            assertThat(first.plan().plan().maxEpochNanos()).isEqualTo(60_000_000);
            StandingPlan lull = plans(written).get(plans(written).size() - 1);
            assertThat(lull.plan().plan().conditions().waiting().orElseThrow().pauseNanosOf(4))
                    .as("as learned before")
                    .isCloseTo(LEARNED_PAUSE_NANOS, within(LEARNED_PAUSE_NANOS / 100.0));
        }
    }

    /** It runs lull and learns a pause, then is given to plover.idle in the job, which ends epoch 7. */
    private static List<Inbound> before() {
        List<Inbound> records = new ArrayList<>();
        records.add(Inbounds.of(Intents.choose("lull", TriggerPlacement.HOST, FOR_EVER)));
        records.add(Inbounds.of(Samples.busy(1, 4, START_MICROS)));
        for (int epoch = 1; epoch <= 30; epoch++) {
            records.add(Inbounds.of(Reports.report(epoch, START_MICROS + epoch, LEARNED_PAUSE_NANOS)));
        }
        records.add(Inbounds.of(Intents.choose("plover.idle", TriggerPlacement.JOB, FOR_EVER)));
        records.addAll(slot(7, START_MICROS + 10_000));
        return records;
    }

    private static List<Inbound> after() {
        List<Inbound> records = new ArrayList<>(slot(7, START_MICROS + 20_000));
        records.addAll(slot(8, START_MICROS + 30_000));
        records.add(Inbounds.of(Intents.choose("lull", TriggerPlacement.HOST, FOR_EVER)));
        records.addAll(slot(9, START_MICROS + 40_000));
        return records;
    }

    private static List<Inbound> slot(long epoch, long fromMicros) {
        List<Inbound> slot = new ArrayList<>();
        for (int elapsed = 3; elapsed <= 6; elapsed++) {
            slot.add(Inbounds.of(Samples.idle(epoch, elapsed, fromMicros + elapsed * 1000L)));
        }
        return slot;
    }

    private static List<WorkerCommand> commands(List<Outgoing> written) {
        List<WorkerCommand> commands = new ArrayList<>();
        for (Outgoing outgoing : written) {
            if (outgoing.topic().equals(Topics.DEFAULT.commands().name())) {
                try {
                    commands.add(Inbounds.WIRE.decodeCommand(outgoing.value()));
                } catch (BadRecordException e) {
                    throw new AssertionError("a command that can't be read", e);
                }
            }
        }
        return commands;
    }

    private static List<EndEpoch> ends(List<Outgoing> written) {
        return commands(written).stream()
                .filter(EndEpoch.class::isInstance)
                .map(EndEpoch.class::cast)
                .toList();
    }

    private static List<StandingPlan> plans(List<Outgoing> written) {
        return commands(written).stream()
                .filter(StandingPlan.class::isInstance)
                .map(StandingPlan.class::cast)
                .toList();
    }
}
