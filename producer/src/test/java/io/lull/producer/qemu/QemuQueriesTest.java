package io.lull.producer.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class QemuQueriesTest {
    @Test
    void vcpusComeInTheOrderOfTheirIndex() throws Exception {
        assertThat(answering("[{\"cpu-index\": 1, \"thread-id\": 70}, {\"cpu-index\": 0, \"thread-id\": 71}]")
                        .vcpuThreads())
                .containsExactly(new QemuQueries.VcpuThread(0, 71), new QemuQueries.VcpuThread(1, 70));
    }

    @Test
    void drivesWithoutAMediumAreLeftOut() throws Exception {
        String answer = "[{\"device\": \"cd\", \"removable\": true},"
                + "{\"device\": \"\", \"qdev\": \"/machine/disk\","
                + " \"inserted\": {\"file\": \"a.img\", \"ro\": false, \"node-name\": \"n0\"}}]";
        assertThat(answering(answer).blockDevices())
                .containsExactly(new QemuQueries.BlockDevice("/machine/disk", "n0", "a.img", false));
    }

    @Test
    void aMigrationThatNeverWasHasTheStatusNone() throws Exception {
        assertThat(answering("{}").migrationStatus()).isEqualTo("none");
        assertThat(answering("{\"status\": \"colo\"}").migrationStatus()).isEqualTo("colo");
    }

    @Test
    void answersOfAnotherShapeAreProtocolErrors() {
        refused(() -> answering("{}").vcpuThreads());
        refused(() -> answering("[{\"cpu-index\": 0}]").vcpuThreads());
        refused(() -> answering("[{\"cpu-index\": 0, \"thread-id\": 0}]").vcpuThreads());
        refused(() -> answering("[{\"name\": 5}]").commands());
        refused(() -> answering("{\"running\": 1, \"status\": \"running\"}").status());
        refused(() -> answering("[]").kvm());
        refused(() -> answering("[{\"device\": \"a\", \"inserted\": {}}]").blockDevices());
    }

    private static void refused(ThrowingCallable question) {
        assertThat(catchThrowableOfType(QmpException.class, question).kind()).isEqualTo(QmpException.Kind.PROTOCOL);
    }

    private static QemuQueries answering(String json) throws JsonProcessingException {
        JsonNode answer = new JsonMapper().readTree(json);
        return new QemuQueries(new Qmp() {
            @Override
            public CompletableFuture<JsonNode> execute(String command, JsonNode arguments, Duration timeout) {
                return CompletableFuture.completedFuture(answer);
            }
        });
    }
}
