package io.lull.worker.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StatusSocketTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void answersEachConnectionWithAFreshDocument() throws IOException {
        Path path = directory.resolve("s");
        AtomicInteger asked = new AtomicInteger();
        try (StatusSocket socket = new StatusSocket(
                path, () -> JsonNodeFactory.instance.objectNode().put("asked", asked.incrementAndGet()))) {
            assertThat(StatusClient.read(path, LIMIT).get("asked").asInt()).isEqualTo(1);
            assertThat(StatusClient.read(path, LIMIT).get("asked").asInt()).isEqualTo(2);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> new StatusSocket(path, JsonNodeFactory.instance::objectNode))
                    .hasMessageContaining("living process");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void goesOnAfterADocumentThatCannotBeMadeOrIsTooLong() throws IOException {
        Path path = directory.resolve("s");
        AtomicInteger asked = new AtomicInteger();
        try (StatusSocket socket = new StatusSocket(path, () -> switch (asked.incrementAndGet()) {
            case 1 -> throw new IllegalStateException("a bug in the supplier");
            case 2 -> JsonNodeFactory.instance.textNode("x".repeat(StatusSocket.MAX_DOCUMENT_BYTES));
            default -> JsonNodeFactory.instance.textNode("fine");
        })) {
            assertThatThrownBy(() -> StatusClient.read(path, LIMIT)).hasMessageContaining("no document");
            assertThatThrownBy(() -> StatusClient.read(path, LIMIT)).hasMessageContaining("no document");
            assertThat(StatusClient.read(path, LIMIT).asText()).isEqualTo("fine");
        }
    }

    @Test
    void replacesTheSocketOfADeadProcess() throws IOException {
        Path path = directory.resolve("s");
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(path));
        dead.close();
        assertThat(path).exists();
        try (StatusSocket socket = new StatusSocket(path, () -> JsonNodeFactory.instance.textNode("alive"))) {
            assertThat(StatusClient.read(path, LIMIT).asText()).isEqualTo("alive");
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsGivenUp() throws IOException {
        Path path = directory.resolve("s");
        try (ServerSocketChannel mute = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            mute.bind(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(() -> StatusClient.read(path, Duration.ofMillis(50)))
                    .hasMessageContaining("didn't answer");
        }
    }
}
