package io.lull.local.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lull.producer.kafka.KafkaConnection;
import io.lull.producer.kafka.TopicAdmin;
import io.lull.schemas.topic.Topics;
import io.lull.worker.cli.LullCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code lull intent} as an operator calls it. */
@Timeout(120)
class IntentOnBrokerTest {
    private static final Topics TOPICS = Topics.DEFAULT;

    @TempDir
    private Path folder;

    private EmbeddedBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker = new EmbeddedBroker(folder.resolve("kafka"));
        broker.start();
        try (TopicAdmin admin =
                new TopicAdmin(KafkaConnection.plain(broker.bootstrapServers()), 1, TopicAdmin.DEFAULT_LIMIT)) {
            admin.createMissing(TOPICS);
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private JsonNode intent(String vm, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("intent", "--bootstrap-servers", broker.bootstrapServers(), "--vm", vm, "--author", "ada"));
        arguments.addAll(List.of(more));
        CommandLine line = LullCommand.commandLine();
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(errors, true));
        assertThat(line.execute(arguments.toArray(String[]::new)))
                .as(errors + "")
                .isZero();
        try {
            return new JsonMapper().readTree(out.toString());
        } catch (JsonProcessingException e) {
            throw new AssertionError(out.toString(), e);
        }
    }

    @Test
    void whatIsAskedStandsUntilItIsReplacedOrTakenBackAndIsOneVmsAlone() throws Exception {
        assertThat(intent("web-1")).isEmpty();
        intent("web-1", "choose-policy", "--policy", "lull", "--p99-millis", "12.5", "--reason", "clients complain");
        intent("web-10", "pause", "--reason", "another one");
        intent("web-1", "objectives", "--encode-threads", "2", "--reason", "leave cores to the guest");
        JsonNode both = intent("web-1");

        assertThat(both.at("/policy/policy").asText()).isEqualTo("lull");
        assertThat(both.at("/policy/outputDelayP99Nanos").asLong()).isEqualTo(12_500_000);
        assertThat(both.at("/policy/reason").asText()).isEqualTo("clients complain");
        assertThat(both.at("/policy/author").asText()).isEqualTo("ada");
        assertThat(both.at("/policy/inForce").asBoolean()).isTrue();
        assertThat(both.at("/objectives/encodeThreads").asInt()).isEqualTo(2);
        assertThat(both).hasSize(2);

        JsonNode other = intent("web-1", "choose-policy", "--policy", "remus.fixed", "--reason", "compare");
        assertThat(other.at("/policy/policy").asText()).isEqualTo("remus.fixed");
        assertThat(other.at("/policy/outputDelayP99Nanos").isMissingNode()).isTrue();
        assertThat(intent("web-1", "objectives", "--take-back")).hasSize(1);
        assertThat(intent("web-1", "choose-policy", "--take-back")).isEmpty();
        assertThat(intent("web-10")).hasSize(1);
    }

    @Test
    void whatHasExpiredOrCanNotBeReadIsShownAsThat() throws Exception {
        intent("web-1", "pause", "--for-seconds", "1", "--reason", "a moment");
        try (RawProducer producer = new RawProducer(KafkaConnection.plain(broker.bootstrapServers()))) {
            producer.sendGarbage(TOPICS.intents().name(), "web-1/advice");
        }
        Await.until(
                "it has expired", () -> !intent("web-1").at("/pause/inForce").asBoolean());
        assertThat(intent("web-1").at("/advice/unreadable").asBoolean()).isTrue();
    }
}
