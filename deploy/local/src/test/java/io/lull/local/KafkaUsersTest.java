package io.lull.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.local.kafka.GuardedBroker;
import io.lull.policy.OperatorIntent;
import io.lull.policy.ReplicationEvent;
import io.lull.policy.Targets;
import io.lull.policy.VmId;
import io.lull.policy.WorkerCommand;
import io.lull.policy.WorkerCommand.StandingPlan;
import io.lull.policy.fence.FenceClaim;
import io.lull.producer.kafka.PublisherLimits;
import io.lull.producer.kafka.TelemetryPublisher;
import io.lull.schemas.topic.Topic;
import io.lull.schemas.topic.Topics;
import io.lull.worker.cli.LullCommand;
import io.lull.worker.config.KafkaConfig;
import io.lull.worker.fence.Fence;
import io.lull.worker.kafka.KafkaSide;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rights in {@code deploy/kubernetes/users.yaml} are enough for who has them, on a real broker, and not too many. */
class KafkaUsersTest {
    private static final Path USERS = Path.of("../kubernetes/users.yaml");
    private static final Topics TOPICS = Topics.DEFAULT;
    private static final VmId VM = new VmId("vm-1");

    @TempDir
    private Path folder;

    private GuardedBroker guarded;
    private JobOnBroker running;

    @BeforeEach
    void start() throws Exception {
        guarded = GuardedBroker.start(folder.resolve("guarded"), USERS);
        Map<String, String> options = new HashMap<>();
        guarded.login("lull-job").forEach((key, value) -> options.put("lull.kafka." + key, value));
        running = JobOnBroker.start(folder, guarded.broker(), guarded.administrator(), TOPICS, options);
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
        guarded.close();
    }

    private String properties(String user) throws Exception {
        Path file = folder.resolve(user + ".properties");
        Files.writeString(
                file,
                guarded.login(user).entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining("\n")));
        return file.toString();
    }

    @Test
    void areEnoughForJobWorkerAndOperator() throws Exception {
        List<WorkerCommand> commands = new CopyOnWriteArrayList<>();
        LullSamples samples = new LullSamples(VM, 7);
        String bootstrap = guarded.broker().bootstrapServers();
        try (KafkaSide worker = KafkaSide.connect(new KafkaConfig(bootstrap, "lull", properties("lull-worker")));
                TelemetryPublisher operator = publisher("lull-operator")) {
            worker.follow(VM, commands::add);
            running.until("a plan for the worker", () -> {
                worker.telemetry(samples.next(), 0);
                return commands.stream().anyMatch(StandingPlan.class::isInstance);
            });
            try (Fence fence = worker.fence(VM)) {
                FenceClaim.Party run = new FenceClaim.Party(new UUID(1, 1), "host-1");
                assertThat(fence.claim(FenceClaim.goAlone(run, "test")).granted())
                        .isTrue();
            }
            worker.event(new ReplicationEvent(VM, "host-1", ReplicationEvent.Kind.PROTECTED, 17, 7, "test"));
            operator.publish(pin());
            running.until("the operator's interval in a plan", () -> {
                worker.telemetry(samples.next(), 0);
                return commands.stream()
                        .filter(StandingPlan.class::isInstance)
                        .map(StandingPlan.class::cast)
                        .anyMatch(plan -> plan.plan().plan().maxEpochNanos() == 10_000_000);
            });
            running.topics().await("metrics", TOPICS.metrics().name(), records -> {
                worker.telemetry(samples.next(), 0);
                return !records.isEmpty();
            });
        }
        running.topics().send(TOPICS.epochs().name(), VM.value(), "no record".getBytes(StandardCharsets.UTF_8));
        running.topics().await("what the job rejects", TOPICS.rejected().name(), records -> !records.isEmpty());
        running.checkpoint();
        assertThat(running.restarts()).isZero();
        assertThat(LullCommand.commandLine()
                        .execute(
                                "topics",
                                "--bootstrap-servers",
                                bootstrap,
                                "--client-properties",
                                properties("lull-operator")))
                .isZero();
        assertThat(LullCommand.commandLine()
                        .execute(
                                "fence",
                                "--vm",
                                VM.value(),
                                "--free",
                                "--bootstrap-servers",
                                bootstrap,
                                "--client-properties",
                                properties("lull-operator")))
                .isZero();
    }

    @Test
    void letAProbePublishTelemetry() throws Exception {
        LullSamples samples = new LullSamples(VM, 7);
        try (TelemetryPublisher probe = publisher("lull-probe")) {
            running.until("a plan", () -> {
                probe.publish(samples.next());
                return !running.topics().received(TOPICS.commands().name()).isEmpty();
            });
        }
    }

    @Test
    void keepEveryoneElseFromTheCommandsAndTheJobFromTheIntents() {
        for (String user : List.of("lull-probe", "lull-worker", "lull-operator")) {
            assertDenied(user, TOPICS.commands());
        }
        assertDenied("lull-probe", TOPICS.epochs());
        assertDenied("lull-worker", TOPICS.intents());
        assertDenied("lull-probe", TOPICS.fence());
        assertDenied("lull-job", TOPICS.fence());
        assertDenied("lull-job", TOPICS.intents());
        assertDenied("lull-job", TOPICS.telemetry());
    }

    private void assertDenied(String user, Topic topic) {
        assertThatThrownBy(() -> guarded.write(user, topic.name(), new byte[] {1}))
                .as(user + " writes to " + topic.name())
                .hasMessageContaining("TopicAuthorizationException");
    }

    private TelemetryPublisher publisher(String user) {
        return new TelemetryPublisher(
                guarded.connection(user), TOPICS, PublisherLimits.DEFAULT, System::nanoTime, System.err::println);
    }

    private static OperatorIntent pin() {
        return new OperatorIntent(
                VM,
                OperatorIntent.Kind.PIN_INTERVAL,
                Optional.empty(),
                OptionalLong.of(10_000_000),
                OptionalLong.empty(),
                Optional.empty(),
                Targets.NONE,
                "ada",
                "trial",
                0,
                OptionalLong.empty());
    }
}
