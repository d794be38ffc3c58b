package io.lull.worker.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CommandSocketTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void answersEachRequestOfItsOwner() throws Exception {
        Path path = directory.resolve("c");
        try (CommandSocket socket =
                new CommandSocket(path, request -> JsonNodeFactory.instance.textNode(request.asText() + "!"))) {
            for (String word : new String[] {"one", "two"}) {
                assertThat(CommandClient.ask(path, JsonNodeFactory.instance.textNode(word), LIMIT)
                                .asText())
                        .isEqualTo(word + "!");
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void aClientThatSaysNothingOrNonsenseHoldsNobodyUpForLong() throws Exception {
        Path path = directory.resolve("c");
        try (CommandSocket socket = new CommandSocket(path, request -> request);
                SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(path));
                SocketChannel nonsense = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            nonsense.write(java.nio.ByteBuffer.wrap(new byte[] {'{', '{'}));
            nonsense.shutdownOutput();
            assertThat(CommandClient.ask(path, JsonNodeFactory.instance.textNode("me"), LIMIT)
                            .asText())
                    .isEqualTo("me");
            assertThat(silent.isOpen()).isTrue();
        }
    }

    @Test
    void closingInterruptsWhatIsBeingCarriedOut() throws Exception {
        Path path = directory.resolve("c");
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> client;
        try (CommandSocket socket = new CommandSocket(path, request -> {
            begun.countDown();
            never.await();
            return request;
        })) {
            client = CompletableFuture.runAsync(() -> assertThatThrownBy(
                            () -> CommandClient.ask(path, JsonNodeFactory.instance.textNode("wait"), LIMIT))
                    .hasMessageContaining("no document"));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        }
        client.get(10, TimeUnit.SECONDS);
    }
}
