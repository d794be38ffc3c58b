package io.lull.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.policy.Decision;
import io.lull.policy.Reason;
import io.lull.policy.TriggerReason;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.file.Recording;
import io.lull.schemas.file.RecordingFile;
import io.lull.schemas.topic.Topics;
import io.lull.schemas.wire.Wire;
import io.lull.worker.cli.LullCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code lull record} and {@code lull explain} as a person calls them, on records that were published by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class RecordAndExplainTest {
    private static final Topics TOPICS = Topics.DEFAULT;

    private final Wire wire = new Wire();
    private final Path directory;
    private final EmbeddedBroker broker;
    private final KafkaConnection connection;

    RecordAndExplainTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        broker = new EmbeddedBroker(directory.resolve("kafka"));
        connection = KafkaConnection.plain(broker.bootstrapServers());
    }

    /** What a command said. */
    private record Said(int code, String out, String err) {}

    @BeforeAll
    void start() throws IOException {
        broker.start();
        try (TopicAdmin admin = new TopicAdmin(connection, 1, Duration.ofMinutes(1))) {
            admin.createMissing(TOPICS);
        }
    }

    @AfterAll
    void stop() {
        broker.close();
    }

    @Test
    void recordsWhatComesOfOneVmFromNowOnAndExplainsTheRecording() throws Exception {
        Path file = directory.resolve("web-1.lullrec");
        try (RawProducer producer = new RawProducer(connection)) {
            publish(producer, Values.sample(1, 1));
            StringWriter progress = new StringWriter();
            CompletableFuture<Integer> recording = CompletableFuture.supplyAsync(() -> {
                CommandLine line = LullCommand.commandLine();
                line.setErr(new PrintWriter(progress, true));
                return line.execute(onKafka("record", "--seconds", "6", "--out", file.toString()));
            });
            // Until its first line nobody knows that it follows.
            Await.until("it records", () -> progress.toString().contains("1 s: 0 samples"));
            publish(producer, Values.sample(2, 2));
            producer.sendAndWait(TOPICS.telemetry().name(), "web-2", wire.encode(Values.sample(9, 9)));
            producer.sendGarbage(TOPICS.telemetry().name(), Values.VM.value());
            producer.sendAndWait(TOPICS.epochs().name(), Values.VM.value(), wire.encode(Values.report(2)));
            assertThat(recording.get(60, TimeUnit.SECONDS)).isZero();
            assertThat(progress.toString())
                    .contains("recorded 1 samples, 1 reports")
                    .contains("1 unreadable records left out");
        }
        assertThat(RecordingFile.read(file))
                .isEqualTo(new Recording(List.of(Values.sample(2, 2)), List.of(Values.report(2))));
        assertThat(run("explain", "--file", file.toString()).out())
                .contains("epoch 2 of web-1")
                .contains("the worker alone");
    }

    @Test
    void saysWhenNothingCameOfAVm() {
        Path file = directory.resolve("nobody.lullrec");
        Said said = run(
                "record",
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--vm",
                "nobody",
                "--seconds",
                "1",
                "--out",
                file.toString());
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err())
                .contains("lull: no samples of nobody on topic lull.telemetry.v1")
                .contains("in 1 s: is the worker running, is the name right?");
        assertThat(file).doesNotExist();
    }

    @Test
    void explainsAnEpochByItsDecisionAndOneOfTheWorkerAlone() throws Exception {
        try (RawProducer producer = new RawProducer(connection)) {
            String key = Values.VM.value();
            producer.sendAndWait(TOPICS.decisions().name(), key, wire.encode(decision()));
            producer.sendGarbage(TOPICS.decisions().name(), key);
            producer.sendAndWait(TOPICS.epochs().name(), key, wire.encode(report(70, 55)));
            producer.sendAndWait(TOPICS.epochs().name(), key, wire.encode(report(71, 0)));
        }
        Said text = run(onKafka("explain", "--epoch", "70"));
        assertThat(text.err()).isEmpty();
        assertThat(text.out())
                .contains("epoch 70 of web-1 on host-a")
                .contains("decision 55 of policy remus.fixed (PLAN)")
                .contains("as configured")
                .contains("busyRatio 0.2500");
        JsonNode json = new JsonMapper()
                .readTree(run(onKafka("explain", "--last", "2", "--output", "json"))
                        .out());
        assertThat(json).hasSize(2);
        assertThat(json.at("/0/decision/decisionId").asLong()).isEqualTo(55);
        assertThat(json.at("/1/decidedBy").asText()).isEqualTo("WORKER");
        Said absent = run(onKafka("explain", "--epoch", "99"));
        assertThat(absent.code()).isEqualTo(1);
        assertThat(absent.err()).contains("lull: no epoch 99 in topic lull.epochs.v1");
        assertThat(run(onKafka("explain", "--topic-prefix", "other")).err())
                .contains("lull: topic other.epochs.v1 doesn't exist");
    }

    private void publish(RawProducer producer, VmSample sample) throws Exception {
        producer.sendAndWait(TOPICS.telemetry().name(), sample.vm().value(), wire.encode(sample));
    }

    private static EpochReport report(long epoch, long decisionId) {
        EpochReport like = Values.report(epoch);
        return new EpochReport(
                like.vm(),
                like.hostId(),
                epoch,
                decisionId,
                TriggerReason.IDLE_SLOT,
                1_000_000 * epoch,
                like.lengthNanos(),
                like.pause(),
                like.pages(),
                like.dirtyPagesPerVcpu(),
                like.bytes(),
                like.stages(),
                like.held(),
                like.trigger(),
                like.codec(),
                like.threads());
    }

    private static Decision decision() {
        return new Decision(
                Values.VM,
                55,
                17,
                70,
                "remus.fixed",
                Decision.Kind.PLAN,
                List.of(new Decision.NamedValue("busyRatio", 0.25)),
                List.of("plan", "none"),
                List.of("clamp"),
                Reason.of("as configured"));
    }

    private String[] onKafka(String verb, String... more) {
        List<String> arguments = new java.util.ArrayList<>(
                List.of(verb, "--bootstrap-servers", broker.bootstrapServers(), "--vm", Values.VM.value()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static Said run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = LullCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int code = line.execute(arguments);
        return new Said(code, out.toString(), err.toString());
    }
}
