package io.lull.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets through to whom. */
@Timeout(60)
class TlsPeersTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final long LIMIT_SECONDS = 20;
    private static final int GARBAGE_ROUNDS = 100;

    private static final MutualTls PRIMARY = MutualTls.of(TestCertificates.of(Wired.PRIMARY));
    private static final MutualTls BACKUP =
            MutualTls.of(TestCertificates.of(Wired.BACKUP, "backup.example", "127.0.0.1"));
    private static final PeerRule WANTED = PeerRule.anyOf(Set.of(Wired.BACKUP));

    private final Random random = new Random(SEED);

    TlsPeersTest() {
        System.out.println("TlsPeersTest: -Dlull.seed=" + SEED);
    }

    @Test
    void eachSideKnowsTheOtherAndTheCipher() throws Exception {
        try (WirePair pair = WirePair.proven(Wired.TLS)) {
            PeerProof backup = pair.primary.proof().orElseThrow();
            PeerProof primary = pair.backup.proof().orElseThrow();

            assertThat(backup.names().hosts()).containsExactly(Wired.BACKUP);
            assertThat(primary.names().hosts()).containsExactly(Wired.PRIMARY);
            assertThat(backup.protocol()).isEqualTo("TLSv1.3");
            assertThat(backup.cipher()).isIn("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");
            assertThat(pair.primary.state().peer()).isEqualTo("host host-b");
            assertThat(pair.primary.state().security()).isEqualTo("TLSv1.3 " + backup.cipher());
        }
    }

    private static Wiring towardsBackup(Credentials own) {
        return MutualTls.of(own).towards(WANTED);
    }

    private static Wiring fromAnyHost(Credentials own) {
        return MutualTls.of(own).from(PeerRule.ANY_HOST);
    }

    static Stream<Arguments> primariesThatMayNot() {
        return Stream.of(
                Arguments.of(
                        Named.of("of a stranger's authority", towardsBackup(TestCertificates.strangers("host-a"))),
                        BACKUP.from(PeerRule.ANY_HOST),
                        "of this side's authority"),
                Arguments.of(
                        Named.of(
                                "whose certificate has expired",
                                towardsBackup(TestCertificates.validFrom(
                                        "host-a", TestCertificates.NOW.minus(Duration.ofDays(3))))),
                        BACKUP.from(PeerRule.ANY_HOST),
                        "has expired"),
                Arguments.of(
                        Named.of(
                                "whose certificate is not valid yet",
                                towardsBackup(TestCertificates.validFrom(
                                        "host-a", TestCertificates.NOW.plus(Duration.ofDays(3))))),
                        BACKUP.from(PeerRule.ANY_HOST),
                        "not valid yet"),
                Arguments.of(
                        Named.of("that is not on the list", PRIMARY.towards(WANTED)),
                        BACKUP.from(PeerRule.anyOf(Set.of("host-c", "host-d"))),
                        "host host-a, wanted is host host-c or host-d"));
    }

    @ParameterizedTest
    @MethodSource("primariesThatMayNot")
    void aBackupTurnsAwayAPrimary(Wiring primary, Wiring backup, String why) throws Exception {
        try (WirePair pair = WirePair.connected(primary, backup)) {
            CompletableFuture<Void> judging = WirePair.handshake(pair.backup);
            assertGetsNothing(pair.primary);
            assertRefused(judging, why);
            assertThat(pair.backup.proof()).isEmpty();
        }
    }

    static Stream<Arguments> backupsThatMayNot() {
        return Stream.of(
                Arguments.of(
                        Named.of("of a stranger's authority", fromAnyHost(TestCertificates.strangers("host-b"))),
                        PRIMARY.towards(WANTED),
                        "not of this side's authority"),
                Arguments.of(
                        Named.of(
                                "whose certificate has expired",
                                fromAnyHost(TestCertificates.validFrom(
                                        "host-b", TestCertificates.NOW.minus(Duration.ofDays(3))))),
                        PRIMARY.towards(WANTED),
                        "has expired"),
                Arguments.of(
                        Named.of("that is another host", fromAnyHost(TestCertificates.of("host-c"))),
                        PRIMARY.towards(WANTED),
                        "of host host-c, wanted is host host-b"),
                Arguments.of(
                        Named.of("that is not for the address", fromAnyHost(TestCertificates.of("host-b"))),
                        PRIMARY.towards(PeerRule.at("127.0.0.1")),
                        "not of 127.0.0.1: say in backup.host"));
    }

    @ParameterizedTest
    @MethodSource("backupsThatMayNot")
    void aPrimaryTurnsAwayFromABackup(Wiring backup, Wiring primary, String why) throws Exception {
        try (WirePair pair = WirePair.connected(primary, backup)) {
            CompletableFuture<Void> judging = WirePair.handshake(pair.primary);
            assertGetsNothing(pair.backup);
            assertRefused(judging, why);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "backup.example", "Backup.Example"})
    void anAddressInTheCertificateWillDoForAName(String address) throws Exception {
        try (WirePair pair =
                WirePair.connected(PRIMARY.towards(PeerRule.at(address)), BACKUP.from(PeerRule.ANY_HOST))) {
            pair.prove();
            assertThat(pair.primary.proof()).isPresent();
        }
    }

    @Test
    void aCertificateThatNamesNoHostIsNoHosts() {
        PeerProof other =
                new PeerProof(new HostNames(Set.of(), Set.of("www.example")), "TLSv1.3", "any", TestCertificates.NOW);

        assertThat(PeerRule.ANY_HOST.fault(other))
                .hasValueSatisfying(why -> assertThat(why).contains("names no host of Lull"));
    }

    /** Whatever the side itself believes after its handshake, no byte comes through to it. */
    private static void assertGetsNothing(Wire wire) {
        assertThatThrownBy(() -> {
                    wire.handshake();
                    assertThat(wire.read(ByteBuffer.allocate(100))).as("bytes").isEqualTo(-1);
                })
                .isInstanceOf(IOException.class);
    }

    private static void assertRefused(CompletableFuture<Void> judging, String why) {
        assertThatThrownBy(() -> judging.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(why);
    }

    /** A backup's side, waiting for a client of any kind. */
    private static CompletableFuture<Void> backupAt(ServerSocketChannel server) throws IOException {
        return WirePair.handshake(BACKUP.from(PeerRule.ANY_HOST).over(server.accept()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientWithoutACertificateOrOfAnOlderProtocolIsTurnedAway(String protocol) throws Exception {
        try (ServerSocketChannel server = WirePair.listening();
                Socket plain = new Socket()) {
            plain.connect(server.getLocalAddress());
            CompletableFuture<Void> judging = backupAt(server);
            SSLSocket client = (SSLSocket) trusting().getSocketFactory().createSocket(plain, "backup", 1, true);
            client.setEnabledProtocols(new String[] {protocol});
            client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
            assertThatThrownBy(() -> {
                        client.startHandshake();
                        assertThat(client.getInputStream().read()).as("bytes").isEqualTo(-1);
                    })
                    .isInstanceOf(IOException.class);
            assertRefused(judging, protocol.equals("TLSv1.3") ? "shows no certificate" : "TLS");
        }
    }

    /** A client that believes everybody and has nothing to show. */
    private static SSLContext trusting() throws GeneralSecurityException {
        TrustManager everybody = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String how) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String how) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {everybody}, null);
        return context;
    }

    @Test
    void aClientThatSpeaksPlaintextIsToldNothingOfLull() throws Exception {
        try (ServerSocketChannel server = WirePair.listening();
                SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            CompletableFuture<Void> judging = backupAt(server);
            client.write(ByteBuffer.wrap("LULL and thirty-two bytes of a frame".getBytes(StandardCharsets.US_ASCII)));
            byte[] answer = client.socket().getInputStream().readAllBytes();

            assertThat(answer.length).as("an alert of TLS at most").isLessThanOrEqualTo(7);
            assertRefused(judging, "does not speak TLS");
        }
    }

    @Test
    void aServerThatDoesNotSpeakTlsIsNamedForIt() throws Exception {
        try (WirePair pair = WirePair.connected(PRIMARY.towards(WANTED), Wiring.UNSAFE_PLAINTEXT)) {
            CompletableFuture<Void> judging = WirePair.handshake(pair.primary);
            assertThat(pair.backup.read(ByteBuffer.allocate(1))).isEqualTo(1);
            pair.backup.endOutput();

            assertThatThrownBy(() -> judging.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .hasMessageContaining("does the peer speak TLS?");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1603010004 01ffffff, handshake message of 16 MiB",
        "160301ffff, record of 64 KiB",
    })
    void whatClaimsToBeLargerThanTheBoundsIsRefusedBeforeItComes(String head, String what) throws Exception {
        try (ServerSocketChannel server = WirePair.listening();
                SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            CompletableFuture<Void> judging = backupAt(server);
            client.write(ByteBuffer.wrap(HexFormat.of().parseHex(head.replace(" ", ""))));
            // The client could say more, and does not.
            assertThatThrownBy(() -> judging.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as(what)
                    .hasCauseInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void garbageIsRefusedWhateverItIs() throws Exception {
        try (ServerSocketChannel server = WirePair.listening()) {
            for (int i = 0; i < GARBAGE_ROUNDS; i++) {
                byte[] garbage = new byte[1 + random.nextInt(40_000)];
                random.nextBytes(garbage);
                if (random.nextBoolean()) {
                    // As a handshake would begin.
                    System.arraycopy(new byte[] {22, 3, 1}, 0, garbage, 0, Math.min(3, garbage.length));
                }
                assertRefused(server, garbage);
            }
        }
    }

    private static void assertRefused(ServerSocketChannel server, byte[] garbage) throws Exception {
        try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
            CompletableFuture<Void> judging = backupAt(server);
            try {
                ByteBuffer bytes = ByteBuffer.wrap(garbage);
                while (bytes.hasRemaining()) {
                    client.write(bytes);
                }
                client.shutdownOutput();
            } catch (IOException refusedAlready) {
                assertThat(refusedAlready).isNotNull();
            }
            assertThatThrownBy(() -> judging.get(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(IOException.class);
        }
    }
}
