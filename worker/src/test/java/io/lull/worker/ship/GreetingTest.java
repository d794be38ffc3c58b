package io.lull.worker.ship;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.policy.VmId;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.OutputClaim;
import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import io.lull.worker.protocol.Verified;
import io.lull.worker.wire.Wire;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who connects hears from when on the backup may know of the session, since then its silence may be followed by a takeover. */
@Timeout(30)
class GreetingTest implements LinkListener {
    /** An answer that is only late is none that these tests ask about. */
    private static final long PATIENT_NANOS = 20_000_000_000L;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    private void connect(InetSocketAddress backup) throws IOException {
        connect(backup, PATIENT_NANOS);
    }

    private void connect(InetSocketAddress backup, long connectLimitNanos) throws IOException {
        LinkOptions options =
                new LinkOptions(backup, 1 << 20, 500_000_000L, 50_000_000L, connectLimitNanos, OptionalLong.empty());
        Hello hello = new Hello(
                new VmId("vm"),
                "host-a",
                new UUID(1, 1),
                OnBackupLoss.HOLD_OUTPUT,
                0,
                1,
                42,
                new OutputClaim(new UUID(2, 2), OptionalLong.empty()));
        BackupLink.connect(options, Wiring.UNSAFE_PLAINTEXT, hello, this);
    }

    private static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @Test
    void aBackupThatCanNotBeReachedKnowsOfNothing() throws Exception {
        InetSocketAddress closed;
        try (ServerSocketChannel server = listen()) {
            closed = (InetSocketAddress) server.getLocalAddress();
        }
        assertThatThrownBy(() -> connect(closed)).isInstanceOf(IOException.class);
        assertThat(heard).isEmpty();
    }

    @Test
    void oneThatGivesNoAnswerMayKnow() throws Exception {
        try (ServerSocketChannel server = listen()) {
            assertThatThrownBy(() -> connect((InetSocketAddress) server.getLocalAddress(), 2_000_000_000L))
                    .isInstanceOf(IOException.class);
            assertThat(heard).containsExactly("greets");
        }
    }

    @Test
    void oneThatHangsUpInsteadOfAnsweringIsToBeAskedWhy() throws Exception {
        try (ServerSocketChannel server = listen()) {
            CompletableFuture<Void> hangingUp = CompletableFuture.runAsync(() -> hangUp(server));
            assertThatThrownBy(() -> connect((InetSocketAddress) server.getLocalAddress()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("see the backup's log")
                    .hasMessageContaining("'primaries'");
            hangingUp.join();
        }
    }

    private static void hangUp(ServerSocketChannel server) {
        try (Wire wire = Wiring.UNSAFE_PLAINTEXT.over(server.accept())) {
            new FrameReader(wire).next();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void oneThatRefusesKnowsOfNone() throws Exception {
        try (ServerSocketChannel server = listen()) {
            CompletableFuture<Void> refusing = CompletableFuture.runAsync(() -> refuse(server));
            assertThatThrownBy(() -> connect((InetSocketAddress) server.getLocalAddress()))
                    .isInstanceOf(RefusedException.class);
            refusing.join();
            assertThat(heard).containsExactly("greets", "refused");
        }
    }

    private static void refuse(ServerSocketChannel server) {
        try (Wire wire = Wiring.UNSAFE_PLAINTEXT.over(server.accept())) {
            Frame hello = new FrameReader(wire).next().orElseThrow();
            assertThat(Hello.decode(hello.payload()).vmId()).isEqualTo(new VmId("vm"));
            wire.send(new Refused(RefusalReason.BUSY, "another").frame());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void greets() {
        heard.add("greets");
    }

    @Override
    public void refused() {
        heard.add("refused");
    }

    @Override
    public void onAck(long epoch) {
        heard.add("ack");
    }

    @Override
    public void onVerified(long epoch, Verified verified) {
        heard.add("verified");
    }

    @Override
    public void onLost(LossKind kind, String why) {
        heard.add("lost");
    }
}
