package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.Verified;
import io.lull.worker.protocol.Welcome;
import io.lull.worker.ship.BackupLink;
import io.lull.worker.ship.LinkListener;
import io.lull.worker.ship.LinkOptions;
import io.lull.worker.wire.MutualTls;
import io.lull.worker.wire.PeerRule;
import io.lull.worker.wire.TestCertificates;
import io.lull.worker.wire.TlsRelay;
import io.lull.worker.wire.Wire;
import io.lull.worker.wire.Wired;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that have proven nothing, or the wrong thing, beside a session that goes on. */
@Timeout(120)
class AuthenticatedBackupTest implements LinkListener {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    /** What a TLS alert takes that is not encrypted. */
    private static final int ALERT_BYTES = 7;
    /** Of {@link BackupUnderTest}, and time for a busy machine. */
    private static final long HANDSHAKE_LIMIT_MILLIS = 1_000;

    private static final long SLACK_MILLIS = 5_000;

    private final TestVm vm = new TestVm(SEED);
    private final Random random = new Random(SEED);
    private final BlockingQueue<Long> acks = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

    @TempDir
    Path directory;

    private BackupUnderTest host;
    private BackupLink link;
    private long epoch = 1;

    @BeforeEach
    void protect() throws Exception {
        System.out.println("AuthenticatedBackupTest: -Dlull.seed=" + SEED);
        host = BackupUnderTest.manual(directory, Wired.TLS.backup());
        link = connect(host.backup.address(), Wired.TLS.primary());
        link.layout(TestVm.LAYOUT, piece -> {}).get(20, TimeUnit.SECONDS);
        commitOne();
    }

    @AfterEach
    void stop() throws IOException {
        link.close("test over");
        host.close();
        vm.close();
    }

    @Override
    public void onAck(long acknowledged) {
        acks.add(acknowledged);
    }

    @Override
    public void onVerified(long verifiedEpoch, Verified verified) {}

    @Override
    public void onLost(LossKind kind, String why) {
        lost.add(kind + ": " + why);
    }

    private BackupLink connect(InetSocketAddress backup, Wiring wiring) throws IOException {
        LinkOptions options = new LinkOptions(backup, 1 << 20, 2_000_000_000L, 50_000_000L, 2_000_000_000L);
        return BackupLink.connect(options, wiring, TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT), this);
    }

    private void commitOne() throws Exception {
        for (Frame frame : vm.epoch(epoch)) {
            assertThat(link.send(frame)).isTrue();
        }
        assertThat(BackupUnderTest.await(acks, "ack")).isEqualTo(epoch);
        assertThat(host.awaitCommit().image()).isEqualTo(vm.snapshot());
        epoch++;
    }

    private String ending() throws InterruptedException {
        return BackupUnderTest.await(host.endings, "end of a connection");
    }

    @Test
    void statusSaysHowTheSessionIsProtectedAndByWhom() {
        assertThat(host.backup.status().toJson().at("/wire/security").asText()).startsWith("TLSv1.3 TLS_AES_");
        assertThat(host.backup.status().toJson().at("/wire/peer").asText()).isEqualTo("host host-a");
        assertThat(link.wire().peer()).isEqualTo("host host-b");
    }

    @Test
    void aPrimaryOfAStrangersAuthorityGetsNothingAndTouchesNoSession() throws Exception {
        Wiring stranger = MutualTls.of(TestCertificates.strangers("host-a")).towards(PeerRule.ANY_HOST);

        assertThatThrownBy(() -> connect(host.backup.address(), stranger)).isInstanceOf(IOException.class);
        assertThat(ending()).contains("of this side's authority");
        commitOne();
    }

    @Test
    void aHostCanNotPassForAnother() throws Exception {
        Path own = Files.createDirectory(directory.resolve("open"));
        try (BackupUnderTest open = BackupUnderTest.manual(
                own, MutualTls.of(TestCertificates.of(Wired.BACKUP)).from(PeerRule.ANY_HOST))) {
            Wiring other = MutualTls.of(TestCertificates.of("host-z")).towards(PeerRule.anyOf(Set.of(Wired.BACKUP)));
            try (RawPrimary impostor = new RawPrimary(open.backup.address(), other)) {
                impostor.send(TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT).frame());
                assertThatThrownBy(() ->
                                assertThat(impostor.next()).as("an answer").isEmpty())
                        .isInstanceOf(IOException.class);
            }
            assertThat(BackupUnderTest.await(open.endings, "drop"))
                    .isEqualTo("HELLO is of host host-a, the certificate of host host-z");
        }
    }

    @Test
    void plaintextToATlsPortIsAnsweredWithAnAlertAtMost() throws Exception {
        byte[] hello = RawPrimary.bytes(
                List.of(TestVm.hello(1, OnBackupLoss.HOLD_OUTPUT).frame()));
        try (Socket plain = new Socket(
                InetAddress.getLoopbackAddress(), host.backup.address().getPort())) {
            plain.getOutputStream().write(hello);
            assertThat(plain.getInputStream().readAllBytes()).hasSizeLessThanOrEqualTo(ALERT_BYTES);
        }
        assertThat(ending()).contains("does not speak TLS");
        commitOne();
    }

    @Test
    void aPrimaryThatIsLeftInPlaintextIsToldByItsOwnSide() throws Exception {
        assertThatThrownBy(() -> connect(host.backup.address(), Wiring.UNSAFE_PLAINTEXT))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("(?s).*(which is TLS: give this side tls too|reset).*");
        assertThat(ending()).contains("does not speak TLS");
        commitOne();
    }

    @Test
    void tlsToAPlaintextPortFailsInWordsOnBothSides() throws Exception {
        Path own = Files.createDirectory(directory.resolve("plain"));
        try (BackupUnderTest plain = BackupUnderTest.plain(own)) {
            assertThatThrownBy(() -> connect(plain.backup.address(), Wired.TLS.primary()))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("(?s).*(TLS|reset|[Bb]roken pipe).*");
            assertThat(BackupUnderTest.await(plain.endings, "drop")).contains("which is TLS: give this side tls too");
        }
    }

    @Test
    void aPeerThatNeverFinishesItsHandshakeIsDroppedAtTheLimitHoweverBusyItIs() throws Exception {
        try (Socket slow = new Socket(
                InetAddress.getLoopbackAddress(), host.backup.address().getPort())) {
            // The head of a record of 16 KiB, and then its bytes one by one.
            slow.getOutputStream().write(new byte[] {22, 3, 1, 0x40, 0, 1, 0, 0x3f, (byte) 0xfc});
            slow.setSoTimeout(20);
            long sinceNanos = System.nanoTime();
            while (alive(slow)) {
                assertThat(System.nanoTime() - sinceNanos)
                        .isLessThan(TimeUnit.MILLISECONDS.toNanos(HANDSHAKE_LIMIT_MILLIS + SLACK_MILLIS));
            }
        }
        assertThat(ending()).contains("no HELLO within the handshake limit");
        commitOne();
    }

    private static boolean alive(Socket slow) throws IOException {
        try {
            slow.getOutputStream().write(0);
            InputStream in = slow.getInputStream();
            int first = in.read();
            assertThat(first).as("no byte but an alert's").isIn(-1, 21);
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException dropped) {
            return false;
        }
    }

    @Test
    void peersThatProveNothingAreFewAtATime() throws Exception {
        int crowd = 3 * BackupServer.MAX_CONNECTIONS;
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < crowd; i++) {
                idle.add(strangerFrom("127.0.0.1"));
            }
            // One place is the session's, and one is kept.
            for (int i = 0; i < crowd - BackupServer.MAX_CONNECTIONS + 2; i++) {
                assertThat(ending()).matches("it has proven nothing and others wait|more than 8 connections");
            }
            commitOne();
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void aCrowdThatProvesNothingKeepsNoPrimaryOut() throws Exception {
        link.close("make room");
        AtomicBoolean over = new AtomicBoolean();
        Thread crowd = new Thread(() -> crowdIn(over));
        crowd.start();
        try {
            // So that the crowd has all that it can have.
            for (int i = 0; i < 2 * BackupServer.MAX_CONNECTIONS; i++) {
                ending();
            }
            greet();
        } finally {
            over.set(true);
            crowd.join();
        }
    }

    private Socket strangerFrom(String address) throws IOException {
        InetAddress backup = InetAddress.getLoopbackAddress();
        return new Socket(backup, host.backup.address().getPort(), InetAddress.getByName(address), 0);
    }

    private void crowdIn(AtomicBoolean over) {
        Deque<Socket> crowd = new ArrayDeque<>();
        try {
            while (!over.get()) {
                crowd.add(strangerFrom("127.0.0.2"));
                TimeUnit.MILLISECONDS.sleep(1);
                if (crowd.size() > 3 * BackupServer.MAX_CONNECTIONS) {
                    crowd.remove().close();
                }
            }
            for (Socket socket : crowd) {
                socket.close();
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("connecting to a backup that listens does not fail", e);
        }
    }

    /** As a primary does, again and again until it is heard. */
    private void greet() throws Exception {
        long sinceNanos = System.nanoTime();
        while (true) {
            try (RawPrimary primary = new RawPrimary(host.backup.address(), Wired.TLS.primary())) {
                primary.send(TestVm.hello(epoch, OnBackupLoss.HOLD_OUTPUT).frame());
                primary.await(FrameType.WELCOME);
                return;
            } catch (IOException dropped) {
                assertThat(System.nanoTime() - sinceNanos).isLessThan(TimeUnit.MILLISECONDS.toNanos(SLACK_MILLIS));
            }
        }
    }

    @Test
    void aRecordThatSomebodyChangedEndsTheSessionOnBothSides() throws Exception {
        link.close("make room");
        ending();
        BackupUnderTest.await(lost, "end of the first link");
        AtomicBoolean meddling = new AtomicBoolean();
        TlsRelay.Meddler meddler = (number, record) -> {
            if (meddling.get()) {
                record[record.length - 1] ^= 1;
            }
            return record;
        };
        try (TlsRelay relay = new TlsRelay(host.backup.address(), meddler, random)) {
            link = connect(relay.address(), Wired.TLS.primary());
            meddling.set(true);
            // A heartbeat at the latest; silence would be another reason.
            assertThat(ending()).contains("changed, repeated or left out on its way");
            assertThat(BackupUnderTest.await(lost, "end of the link")).doesNotContain("SILENCE");
        }
    }

    @Test
    void garbageTouchesNoSession() throws Exception {
        for (int i = 0; i < 100; i++) {
            byte[] garbage = new byte[1 + random.nextInt(3000)];
            random.nextBytes(garbage);
            if (random.nextBoolean()) {
                System.arraycopy(new byte[] {22, 3, 3}, 0, garbage, 0, Math.min(3, garbage.length));
            }
            try (Socket peer = new Socket(
                    InetAddress.getLoopbackAddress(), host.backup.address().getPort())) {
                peer.getOutputStream().write(garbage);
                peer.shutdownOutput();
                assertThat(peer.getInputStream().readAllBytes()).hasSizeLessThanOrEqualTo(ALERT_BYTES);
            } catch (IOException reset) {
                assertThat(reset).isNotNull();
            }
            assertThat(ending()).isNotBlank();
        }
        commitOne();
    }

    @Test
    void aPrimaryThatDiesIsALossAsEver() throws Exception {
        link.close("make room");
        assertThat(BackupUnderTest.await(host.losses, "loss")).isEqualTo(LossKind.BYE);
        try (RawPrimary primary = new RawPrimary(host.backup.address(), Wired.TLS.primary())) {
            primary.send(TestVm.hello(epoch, OnBackupLoss.HOLD_OUTPUT).frame());
            primary.await(FrameType.WELCOME);
        }
        assertThat(BackupUnderTest.await(host.losses, "loss")).isIn(LossKind.END_OF_STREAM, LossKind.RESET);
    }

    @Test
    void aGoodbyeIsConfirmedByTheBackupAlone() throws Exception {
        assertThat(link.close("test over")).isTrue();
        assertThat(goodbyeTo(Wire::endOutput)).isTrue();
        assertThat(goodbyeTo(Wire::close))
                .as("whoever cuts the connection can do this")
                .isFalse();
    }

    private interface End {
        void of(Wire wire) throws IOException;
    }

    /** Whether a primary's goodbye counts as heard by a backup whose connection ends like this. */
    private boolean goodbyeTo(End end) throws Exception {
        try (ServerSocketChannel server =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Thread backup = new Thread(() -> {
                try (SocketChannel socket = server.accept()) {
                    Wire wire = Wired.TLS.backup().over(socket);
                    wire.handshake();
                    FrameReader reader = new FrameReader(wire);
                    reader.next();
                    wire.send(new Welcome(OptionalLong.empty()).frame());
                    Optional<Frame> frame = reader.next();
                    while (frame.isPresent() && frame.get().header().type() != FrameType.BYE) {
                        frame = reader.next();
                    }
                    end.of(wire);
                    wire.drain(TimeUnit.SECONDS.toNanos(2));
                } catch (IOException over) {
                    // The socket that the end has closed can't be drained.
                    return;
                }
            });
            backup.setDaemon(true);
            backup.start();
            return connect((InetSocketAddress) server.getLocalAddress(), Wired.TLS.primary())
                    .close("goodbye");
        }
    }
}
