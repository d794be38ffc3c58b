package io.lull.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameReader;
import io.lull.worker.protocol.FrameType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What any wire does, whatever protects its bytes. */
@Timeout(60)
@ParameterizedClass
@EnumSource(Wired.class)
class WireContractTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final int STREAM_BYTES = 6 << 20;
    private static final int MAX_PIECE_BYTES = 50_000;
    private static final long LIMIT_SECONDS = 20;

    private final Wired wired;
    private final WirePair pair;

    WireContractTest(Wired wired) throws Exception {
        System.out.println("WireContractTest: -Dlull.seed=" + SEED);
        this.wired = wired;
        this.pair = WirePair.connected(wired.primary(), wired.backup());
    }

    @BeforeEach
    void prove() throws Exception {
        pair.prove();
    }

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    /** Something that a thread of its own does, and that may fail. */
    private interface Doing {
        void run() throws IOException;
    }

    private static CompletableFuture<Void> aside(Doing what) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        what.run();
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                WirePair.ASIDE);
    }

    private static void await(CompletableFuture<Void> done) throws Exception {
        done.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void carriesBothStreamsAtOnceInOrderHoweverTheyAreCut() throws Exception {
        byte[] there = stream(1);
        byte[] back = stream(2);
        CompletableFuture<Void> primaryWrites = aside(() -> writeInPieces(pair.primary, there, new Random(SEED + 3)));
        CompletableFuture<Void> backupWrites = aside(() -> writeInPieces(pair.backup, back, new Random(SEED + 4)));
        CompletableFuture<Void> primaryReads = aside(() -> readInPieces(pair.primary, back, new Random(SEED + 5)));
        readInPieces(pair.backup, there, new Random(SEED + 6));
        await(primaryWrites);
        await(backupWrites);
        await(primaryReads);
    }

    private static byte[] stream(int number) {
        byte[] bytes = new byte[STREAM_BYTES];
        new Random(SEED + number).nextBytes(bytes);
        return bytes;
    }

    private static void writeInPieces(Wire wire, byte[] stream, Random random) throws IOException {
        int at = 0;
        while (at < stream.length) {
            ByteBuffer[] parts = new ByteBuffer[1 + random.nextInt(3)];
            long offered = 0;
            for (int i = 0; i < parts.length; i++) {
                int length = Math.min(stream.length - at - (int) offered, random.nextInt(MAX_PIECE_BYTES));
                parts[i] = ByteBuffer.wrap(stream, at + (int) offered, length);
                offered += length;
            }
            long written = wire.write(parts);
            assertThat(written).isBetween(0L, offered);
            at += (int) written;
        }
    }

    private static void readInPieces(Wire wire, byte[] expected, Random random) throws IOException {
        int at = 0;
        while (at < expected.length) {
            int room = Math.min(expected.length - at, 1 + random.nextInt(MAX_PIECE_BYTES));
            ByteBuffer into = random.nextBoolean() ? ByteBuffer.allocate(room) : ByteBuffer.allocateDirect(room);
            int read = wire.read(into);
            assertThat(read).isPositive().isEqualTo(into.position());
            byte[] got = new byte[read];
            into.flip().get(got);
            assertThat(Arrays.equals(got, 0, read, expected, at, at + read))
                    .as("the %d bytes from %d on", read, at)
                    .isTrue();
            at += read;
        }
    }

    @Test
    void saysHowItIsProtected() {
        assertThat(pair.primary.state().security())
                .startsWith(wired == Wired.PLAINTEXT ? "UNSAFE PLAINTEXT" : "TLSv1.3 TLS_AES_");
        assertThat(pair.primary.state().peer())
                .isEqualTo(wired == Wired.PLAINTEXT ? "anyone: nothing is proven" : "host host-b");
        assertThat(pair.primary.state().address()).startsWith("/127.0.0.1:");
    }

    @Test
    void carriesTheLargestFrames() throws Exception {
        int frames = 40;
        byte[] body = new byte[FrameHeader.MAX_BODY_BYTES];
        new Random(SEED).nextBytes(body);
        CompletableFuture<Void> sending = aside(() -> {
            for (int i = 0; i < frames; i++) {
                pair.primary.send(Frame.control(FrameType.LAYOUT, 0, ByteBuffer.wrap(body)));
                pair.primary.send(Frame.control(FrameType.HEARTBEAT, 0));
            }
            pair.primary.endOutput();
        });
        FrameReader reader = new FrameReader(pair.backup);
        for (int i = 0; i < frames; i++) {
            Frame large = reader.next().orElseThrow();
            assertThat(large.payload()).isEqualTo(ByteBuffer.wrap(body));
            assertThat(reader.next().orElseThrow().header().type()).isEqualTo(FrameType.HEARTBEAT);
        }
        assertThat(reader.next()).isEmpty();
        await(sending);
    }

    @Test
    void theEndOfOneStreamLeavesTheOtherOpen() throws Exception {
        pair.primary.endOutput();
        assertThat(pair.backup.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        assertThat(pair.backup.read(ByteBuffer.allocate(10)))
                .as("the end stays")
                .isEqualTo(-1);

        byte[] late = stream(7);
        CompletableFuture<Void> writing = aside(() -> {
            writeInPieces(pair.backup, late, new Random(SEED));
            pair.backup.endOutput();
        });
        readInPieces(pair.primary, late, new Random(SEED));
        assertThat(pair.primary.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        await(writing);
    }

    @Test
    void aCloseFromAThirdThreadFreesReaderAndWriter() throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> reader = aside(() -> pair.primary.read(ByteBuffer.allocate(10)));
        CompletableFuture<Void> writer = aside(() -> {
            ByteBuffer[] parts = {ByteBuffer.allocate(1 << 20)};
            while (true) {
                written.addAndGet(pair.primary.write(parts));
                parts[0].clear();
            }
        });
        awaitStandstill(written);
        pair.primary.close();

        for (CompletableFuture<Void> each : List.of(reader, writer)) {
            assertThatThrownBy(() -> await(each))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IOException.class);
        }
    }

    /** Until nothing more fits between writer and peer. */
    private static void awaitStandstill(AtomicLong written) throws InterruptedException {
        long before = -1;
        while (written.get() != before || before == 0) {
            before = written.get();
            TimeUnit.MILLISECONDS.sleep(300);
        }
    }

    @Test
    void endingTheInputFreesAReader() throws Exception {
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return pair.backup.read(ByteBuffer.allocate(10));
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                WirePair.ASIDE);
        TimeUnit.MILLISECONDS.sleep(50);
        pair.backup.endInput();

        assertThat(reader.handle((read, failure) -> read == null ? -1 : read).get(LIMIT_SECONDS, TimeUnit.SECONDS))
                .isEqualTo(-1);
    }

    @Test
    void aPeerThatIsGoneIsAnEndOnlyWhereNobodyElseCouldHaveMadeIt() throws Exception {
        pair.primary.close();

        if (wired == Wired.PLAINTEXT) {
            assertThat(pair.backup.read(ByteBuffer.allocate(10))).isEqualTo(-1);
        } else {
            assertThatThrownBy(() -> pair.backup.read(ByteBuffer.allocate(10))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aResetIsNoEnd() throws Exception {
        pair.primary.reset();

        assertThatThrownBy(() -> pair.backup.read(ByteBuffer.allocate(10)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(TruncatedException.class);
    }

    @Test
    void drainingEndsWithThePeersStreamAndAtItsLimit() throws Exception {
        pair.backup.endOutput();
        CompletableFuture<Void> writing = aside(() -> {
            writeInPieces(pair.primary, stream(8), new Random(SEED));
            pair.primary.endOutput();
        });
        pair.backup.drain(TimeUnit.SECONDS.toNanos(LIMIT_SECONDS));
        await(writing);

        try (WirePair silent = WirePair.proven(wired)) {
            long sinceNanos = System.nanoTime();
            silent.backup.drain(TimeUnit.MILLISECONDS.toNanos(100));
            assertThat(System.nanoTime() - sinceNanos)
                    .isBetween(TimeUnit.MILLISECONDS.toNanos(90), TimeUnit.SECONDS.toNanos(10));
        }
    }
}
