package io.lull.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a stream's records on their way: renewed keys, and somebody who changes, repeats or cuts. */
@Timeout(60)
class TlsRecordsTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final long LIMIT_SECONDS = 20;
    /** Content type and tag of a sealed record, and what the JDK pads it with: 16 bytes, of which no standard speaks. */
    private static final int MAX_SEAL_BYTES = 1 + 16 + 32;
    /** The handshake message by which a side renews its keys. */
    private static final int KEY_UPDATE_BYTES = 5;
    /** Sealed records of the primary's before its first own: Certificate, CertificateVerify and Finished, in one or in each. */
    private static final int HANDSHAKE_RECORDS = 3;
    /** What a test writes at once; no record of a handshake is as long. */
    private static final int OURS_BYTES = 7777;

    private static final int HEADER_BYTES = 5;

    private static final MutualTls PRIMARY = MutualTls.of(TestCertificates.of(Wired.PRIMARY));
    private static final MutualTls BACKUP = MutualTls.of(TestCertificates.of(Wired.BACKUP));
    private static final PeerRule WANTED = PeerRule.anyOf(Set.of(Wired.BACKUP));

    private static final String CHANGED = "a record was changed, repeated or left out on its way";

    private final Random random = new Random(SEED);

    TlsRecordsTest() {
        System.out.println("TlsRecordsTest: -Dlull.seed=" + SEED);
    }

    /** A primary and a backup with somebody between them. */
    private static final class Watched implements AutoCloseable {
        final TlsRelay relay;
        final Wire primary;
        final Wire backup;

        Watched(TlsRelay.Meddler meddler) throws Exception {
            try (ServerSocketChannel server = WirePair.listening()) {
                relay = new TlsRelay((InetSocketAddress) server.getLocalAddress(), meddler, new Random(SEED));
                primary = PRIMARY.towards(WANTED).over(SocketChannel.open(relay.address()));
                backup = BACKUP.from(PeerRule.ANY_HOST).over(server.accept());
            }
            CompletableFuture<Void> other = WirePair.handshake(backup);
            primary.handshake();
            other.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            primary.close();
            backup.close();
            relay.close();
        }
    }

    @Test
    void keysAreRenewedOnTheWayAndTheReaderIsAnsweredByTheWriter() throws Exception {
        byte[] stream = new byte[8 << 20];
        random.nextBytes(stream);
        try (Watched watched = new Watched((number, record) -> record)) {
            CompletableFuture<Void> writing =
                    CompletableFuture.runAsync(() -> writeAll(watched.primary, stream), WirePair.ASIDE);
            CompletableFuture<Void> answering =
                    CompletableFuture.runAsync(() -> writeAll(watched.backup, stream), WirePair.ASIDE);
            CompletableFuture<byte[]> back =
                    CompletableFuture.supplyAsync(() -> readAll(watched.primary, stream.length), WirePair.ASIDE);
            assertThat(Arrays.equals(readAll(watched.backup, stream.length), stream))
                    .isTrue();
            assertThat(Arrays.equals(back.get(LIMIT_SECONDS, TimeUnit.SECONDS), stream))
                    .isTrue();
            writing.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            answering.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(watched.relay.sealedBytes().stream()
                            .skip(HANDSHAKE_RECORDS)
                            .filter(bytes -> bytes <= KEY_UPDATE_BYTES + MAX_SEAL_BYTES))
                    .as("KeyUpdates of the primary: src/test/resources/frequent-key-updates.security has them often")
                    .hasSizeGreaterThan(3);
        }
    }

    @Test
    void recordsThatArriveInPiecesAreTheSameStream() throws Exception {
        byte[] stream = new byte[500_000];
        random.nextBytes(stream);
        try (Watched watched = new Watched((number, record) -> record)) {
            CompletableFuture<Void> writing =
                    CompletableFuture.runAsync(() -> writeAll(watched.primary, stream), WirePair.ASIDE);
            assertThat(Arrays.equals(readAll(watched.backup, stream.length), stream))
                    .isTrue();
            writing.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRecordThatSomebodyChangedEndsTheConnectionAndNothingOfItIsRead() throws Exception {
        for (int i = 0; i < 20; i++) {
            int bit = random.nextInt(8);
            int place = random.nextInt(OURS_BYTES);
            assertBroken((number, record) -> {
                if (isOurs(record)) {
                    record[HEADER_BYTES + place] ^= (byte) (1 << bit);
                }
                return record;
            });
        }
    }

    @Test
    void aRecordThatComesTwiceEndsTheConnection() throws Exception {
        AtomicInteger repeated = new AtomicInteger();
        TlsRelay.Meddler meddler = (number, record) -> {
            if (!isOurs(record)) {
                return record;
            }
            repeated.incrementAndGet();
            return twice(record);
        };
        try (Watched watched = new Watched(meddler)) {
            writeAll(watched.primary, new byte[OURS_BYTES]);
            assertThat(readAll(watched.backup, OURS_BYTES)).isEqualTo(new byte[OURS_BYTES]);
            assertThat(repeated).as("records that came twice").hasValue(1);
            assertThatThrownBy(() -> watched.backup.read(ByteBuffer.allocate(10)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining(CHANGED);
        }
    }

    private static byte[] twice(byte[] record) {
        byte[] both = Arrays.copyOf(record, 2 * record.length);
        System.arraycopy(record, 0, both, record.length, record.length);
        return both;
    }

    /** Whether it holds what a test has written. */
    private static boolean isOurs(byte[] record) {
        int sealed = record.length - HEADER_BYTES - OURS_BYTES;
        return sealed > 0 && sealed <= MAX_SEAL_BYTES;
    }

    private static void assertBroken(TlsRelay.Meddler meddler) throws Exception {
        try (Watched watched = new Watched(meddler)) {
            writeAll(watched.primary, new byte[OURS_BYTES]);
            ByteBuffer into = ByteBuffer.allocate(2 * OURS_BYTES);
            assertThatThrownBy(() -> watched.backup.read(into))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining(CHANGED);
            assertThat(into.position()).isZero();
            assertTold(watched.primary, watched.backup);
        }
    }

    /** Whoever's record failed is told when the other side writes next, be it a goodbye. */
    private static void assertTold(Wire primary, Wire backup) {
        assertThatThrownBy(() -> backup.send(Frame.control(FrameType.HEARTBEAT, 0)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> primary.read(ByteBuffer.allocate(10)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("bad_record_mac");
    }

    @Test
    void aConnectionThatIsCutBetweenTwoRecordsIsNoEnd() throws Exception {
        try (Watched watched = new Watched((number, record) -> record)) {
            writeAll(watched.primary, new byte[OURS_BYTES]);
            assertThat(readAll(watched.backup, OURS_BYTES)).isEqualTo(new byte[OURS_BYTES]);
            watched.relay.close();
            assertThatThrownBy(() -> watched.backup.read(ByteBuffer.allocate(10)))
                    .isInstanceOf(TruncatedException.class);
        }
    }

    private static void writeAll(Wire wire, byte[] bytes) {
        try {
            ByteBuffer[] parts = {ByteBuffer.wrap(bytes)};
            while (parts[0].hasRemaining()) {
                wire.write(parts);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] readAll(Wire wire, int bytes) {
        try {
            ByteBuffer all = ByteBuffer.allocate(bytes);
            while (all.hasRemaining() && wire.read(all) >= 0) {
                // Until all is there.
            }
            return all.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
