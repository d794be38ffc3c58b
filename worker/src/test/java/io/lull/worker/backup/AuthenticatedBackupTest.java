package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.LossKind;
import io.lull.worker.protocol.OnBackupLoss;
import io.lull.worker.protocol.Welcome;
import io.lull.worker.wire.MutualTls;
import io.lull.worker.wire.PeerRule;
import io.lull.worker.wire.TestCertificates;
import io.lull.worker.wire.TlsRelay;
import io.lull.worker.wire.Wire;
import io.lull.worker.wire.Wired;
import io.lull.worker.wire.Wiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that have proven nothing, or the wrong thing, beside a session that goes on. */
@Timeout(120)
class AuthenticatedBackupTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    /** What a TLS alert takes that is not encrypted. */
    private static final int ALERT_BYTES = 7;

    private final Random random = new Random(SEED);

    @TempDir
    Path directory;

    private LiveSession session;

    @BeforeEach
    void protect() throws Exception {
        System.out.println("AuthenticatedBackupTest: -Dlull.seed=" + SEED);
        session = new LiveSession(directory, SEED);
    }

    @AfterEach
    void stop() throws IOException {
        session.close();
    }

    @Test
    void statusSaysHowTheSessionIsProtectedAndByWhom() {
        assertThat(session.host.backup.status().toJson().at("/wire/security").asText())
                .startsWith("TLSv1.3 TLS_AES_");
        assertThat(session.host.backup.status().toJson().at("/wire/peer").asText())
                .isEqualTo("host host-a");
        assertThat(session.link.wire().peer()).isEqualTo("host host-b");
    }

    @Test
    void aPrimaryOfAStrangersAuthorityGetsNothingAndTouchesNoSession() throws Exception {
        Wiring stranger = MutualTls.of(TestCertificates.strangers("host-a")).towards(PeerRule.ANY_HOST);

        assertThatThrownBy(() -> session.connect(session.host.backup.address(), stranger))
                .isInstanceOf(IOException.class);
        assertThat(session.ending()).contains("of this side's authority");
        session.commitOne();
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
                InetAddress.getLoopbackAddress(), session.host.backup.address().getPort())) {
            plain.getOutputStream().write(hello);
            assertThat(plain.getInputStream().readAllBytes()).hasSizeLessThanOrEqualTo(ALERT_BYTES);
        }
        assertThat(session.ending()).contains("does not speak TLS");
        session.commitOne();
    }

    @Test
    void aPrimaryThatIsLeftInPlaintextIsToldByItsOwnSide() throws Exception {
        assertThatThrownBy(() -> session.connect(session.host.backup.address(), Wiring.UNSAFE_PLAINTEXT))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("(?s).*(which is TLS: give this side tls too|reset).*");
        assertThat(session.ending()).contains("does not speak TLS");
        session.commitOne();
    }

    @Test
    void tlsToAPlaintextPortFailsInWordsOnBothSides() throws Exception {
        Path own = Files.createDirectory(directory.resolve("plain"));
        try (BackupUnderTest plain = BackupUnderTest.plain(own)) {
            assertThatThrownBy(() -> session.connect(plain.backup.address(), Wired.TLS.primary()))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("(?s).*(TLS|reset|[Bb]roken pipe).*");
            assertThat(BackupUnderTest.await(plain.endings, "drop")).contains("which is TLS: give this side tls too");
        }
    }

    @Test
    void aRecordThatSomebodyChangedEndsTheSessionOnBothSides() throws Exception {
        session.link.close("make room");
        session.ending();
        BackupUnderTest.await(session.lost, "end of the first link");
        AtomicBoolean meddling = new AtomicBoolean();
        TlsRelay.Meddler meddler = (number, record) -> {
            if (meddling.get()) {
                record[record.length - 1] ^= 1;
            }
            return record;
        };
        try (TlsRelay relay = new TlsRelay(session.host.backup.address(), meddler, random)) {
            session.link = session.connect(relay.address(), Wired.TLS.primary());
            meddling.set(true);
            // A heartbeat at the latest; silence would be another reason.
            assertThat(session.ending()).contains("changed, repeated or left out on its way");
            assertThat(BackupUnderTest.await(session.lost, "end of the link")).doesNotContain("SILENCE");
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
                    InetAddress.getLoopbackAddress(),
                    session.host.backup.address().getPort())) {
                peer.getOutputStream().write(garbage);
                peer.shutdownOutput();
                assertThat(peer.getInputStream().readAllBytes()).hasSizeLessThanOrEqualTo(ALERT_BYTES);
            } catch (IOException reset) {
                assertThat(reset).isNotNull();
            }
            assertThat(session.ending()).isNotBlank();
        }
        session.commitOne();
    }

    @Test
    void aPrimaryThatDiesIsALossAsEver() throws Exception {
        session.link.close("make room");
        assertThat(BackupUnderTest.await(session.host.losses, "loss")).isEqualTo(LossKind.BYE);
        try (RawPrimary primary = new RawPrimary(session.host.backup.address(), Wired.TLS.primary())) {
            primary.send(TestVm.hello(session.epoch, OnBackupLoss.HOLD_OUTPUT).frame());
            primary.await(FrameType.WELCOME);
        }
        assertThat(BackupUnderTest.await(session.host.losses, "loss")).isIn(LossKind.END_OF_STREAM, LossKind.RESET);
    }

    @Test
    void aGoodbyeIsConfirmedByTheBackupAlone() throws Exception {
        assertThat(session.link.close("test over")).isTrue();
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
            return session.connect((InetSocketAddress) server.getLocalAddress(), Wired.TLS.primary())
                    .close("goodbye");
        }
    }
}
