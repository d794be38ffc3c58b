package io.lull.worker.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.qemu.Await;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NbdServerTest {
    private static final int SIZE = 8 << 20;
    private static final int EIO = 5;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;

    private final ReplayedDisk disk = new ReplayedDisk(SIZE);
    private final WriteLog log = new WriteLog(disk, 1);
    private final List<String> ends = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    private Path socket;
    private NbdServer server;

    @BeforeEach
    void listen() throws IOException {
        socket = directory.resolve("nbd");
        server = NbdServer.listen(socket, new NbdExport("disk", SIZE), log, ends::add);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        assertThat(Files.exists(socket)).isFalse();
    }

    @Test
    void tellsSizeFlagsAndBlockSizesByInfoAndGo() throws IOException {
        try (NbdClient client = new NbdClient(socket)) {
            client.sendFlags(3);
            for (int option : new int[] {6, 7}) {
                client.option(option, NbdClient.named("disk"));
                NbdClient.OptionReply export = client.optionReply(option);
                assertThat(export.type()).isEqualTo(3);
                assertThat(export.data())
                        .isEqualTo(ByteBuffer.allocate(12)
                                .putShort((short) 0)
                                .putLong(SIZE)
                                .putShort((short) 0b110_1101)
                                .flip());
                assertThat(client.optionReply(option).data())
                        .isEqualTo(ByteBuffer.allocate(14)
                                .putShort((short) 3)
                                .putInt(1)
                                .putInt(4096)
                                .putInt(32 << 20)
                                .flip());
                assertThat(client.optionReply(option).type()).isEqualTo(1);
            }
            assertThat(client.write(0, new byte[] {1})).isZero();
        }
    }

    @Test
    void beginsByExportNameWithPaddingUnlessTheClientDoesWithout() throws IOException {
        for (int flags : new int[] {1, 3}) {
            try (NbdClient client = new NbdClient(socket)) {
                client.sendFlags(flags);
                client.option(1, "disk".getBytes(StandardCharsets.UTF_8));
                assertThat(client.receive(flags == 3 ? 10 : 134).getLong()).isEqualTo(SIZE);
                assertThat(client.write(7, new byte[] {1})).isZero();
            }
        }
    }

    @Test
    void answersOptionsItDoesNotKnowAndGoesOn() throws IOException {
        try (NbdClient client = new NbdClient(socket)) {
            client.sendFlags(3);
            for (int option : new int[] {3, 5, 8, 10, 99}) {
                client.option(option, new byte[option]);
                assertThat(client.optionReply(option).type()).isEqualTo(0x80000001);
            }
            client.option(7, NbdClient.named("other"));
            assertThat(client.optionReply(7).type()).isEqualTo(0x80000006);
            client.option(7, new byte[] {0, 0, 1, 0, 0, 0});
            assertThat(client.optionReply(7).type()).isEqualTo(0x80000003);
            client.option(7, new byte[3]);
            assertThat(client.optionReply(7).type()).isEqualTo(0x80000003);
            client.option(2, new byte[0]);
            assertThat(client.optionReply(2).type()).isEqualTo(1);
            assertThatThrownBy(() -> client.receive(1)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void logsWritesOfAnySizeInPiecesAndZeroesAsZeroRecords() throws IOException {
        Random random = new Random(11);
        byte[] expected = new byte[SIZE];
        try (NbdClient client = NbdClient.ready(socket)) {
            assertThat(client.call(6, 2, 0, SIZE)).isZero();
            for (int i = 0; i < 60; i++) {
                int offset = random.nextInt(SIZE);
                int length = Math.min(SIZE - offset, 1 + random.nextInt(i % 10 == 0 ? SIZE : 70_000));
                byte[] data = new byte[length];
                random.nextBytes(data);
                Arrays.fill(data, length / 3, length / 2, (byte) 0);
                assertThat(client.write(offset, data)).isZero();
                System.arraycopy(data, 0, expected, offset, length);
                int zeroes = Math.min(SIZE - offset, random.nextInt(9000));
                assertThat(client.call(i % 2 == 0 ? 4 : 6, 1, offset, zeroes)).isZero();
                Arrays.fill(expected, offset, offset + zeroes, (byte) 0);
            }
            assertThat(client.write(4096, new byte[8192])).isZero();
            Arrays.fill(expected, 4096, 4096 + 8192, (byte) 0);
        }
        List<ReplayedDisk.Entry> entries = disk.entries();
        assertThat(entries.get(entries.size() - 1).isZero()).isTrue();
        assertThat(entries).allMatch(entry -> entry.data().length <= 256 << 10);
        log.cut(1);
        EpochTotals totals = log.lastCut();
        assertThat(totals.records()).isEqualTo(entries.size());
        assertThat(totals.bytes())
                .isEqualTo(
                        entries.stream().mapToLong(entry -> entry.data().length).sum());
        disk.commit(1);
        assertThat(Arrays.mismatch(disk.image(), expected)).as("seed 11").isEqualTo(-1);
    }

    @Test
    void numbersEachWriteWithTheEpochThatWasOpen() throws IOException {
        try (NbdClient client = NbdClient.ready(socket)) {
            client.write(0, new byte[] {1, 2});
            assertThat(log.cut(1)).isZero();
            assertThat(log.lastCut()).isEqualTo(new EpochTotals(1, 1, 2, 0));
            client.write(0, new byte[] {3});
            client.call(4, 0, 100, 50);
            assertThat(client.call(3, 0, 0, 0)).isZero();
            assertThat(log.cut(2)).isZero();
            assertThat(log.lastCut()).isEqualTo(new EpochTotals(2, 2, 1, 0));
            assertThat(log.cut(3)).isZero();
            assertThat(log.lastCut()).isEqualTo(new EpochTotals(3, 0, 0, 0));
        }
        assertThat(disk.entries()).extracting(ReplayedDisk.Entry::epoch).containsExactly(1L, 2L, 2L);
        assertThat(log.counters()).isEqualTo(new WriteCounts(3, 3, 1, 0));
    }

    @Test
    void aCutOfAnotherEpochThanTheOpenOneIsABugAndCutsNothing() {
        assertThatThrownBy(() -> log.cut(2)).hasMessageContaining("epoch 2").hasMessageContaining("open one is 1");

        assertThat(log.cut(1)).isZero();
        assertThat(log.lastCut()).isEqualTo(new EpochTotals(1, 0, 0, 0));
    }

    @Test
    void showsARequestInFlightUntilItIsWhole() throws Exception {
        try (NbdClient client = NbdClient.ready(socket)) {
            client.request(1, 0, 0, 2, new byte[] {1});
            Await.until("the request is seen", () -> log.counters().inFlight() == 1);
            assertThat(log.cut(1)).isEqualTo(1);
            assertThat(log.lastCut().inFlight()).isEqualTo(1);
            client.send(ByteBuffer.wrap(new byte[] {1}));
            assertThat(client.reply().error()).isZero();
            assertThat(log.counters().inFlight()).isZero();
        }
    }

    @Test
    void refusesWhatItCannotDoAndGoesOn() throws IOException {
        try (NbdClient client = NbdClient.ready(socket)) {
            assertThat(client.call(0, 0, 0, 512)).as("read").isEqualTo(EIO);
            assertThat(client.call(9, 0, 0, 0)).as("unknown command").isEqualTo(EINVAL);
            assertThat(client.call(1, 64, 0, 3, new byte[3])).as("unknown flag").isEqualTo(EINVAL);
            assertThat(client.call(1, 0, SIZE - 1, 2, new byte[2])).isEqualTo(ENOSPC);
            assertThat(client.call(1, 0, -1, 2, new byte[2])).isEqualTo(ENOSPC);
            assertThat(client.call(1, 0, Long.MAX_VALUE, 2, new byte[2])).isEqualTo(ENOSPC);
            assertThat(client.call(6, 0, SIZE, 1)).isEqualTo(ENOSPC);
            assertThat(client.call(6, 0, 0, -1)).as("4 GiB of zeroes").isEqualTo(ENOSPC);
            assertThat(client.call(4, 0, SIZE, 1)).isEqualTo(EINVAL);
            assertThat(disk.entries()).isEmpty();
            assertThat(client.write(SIZE - 2, new byte[] {1, 1})).isZero();
        }
        assertThat(disk.entries()).hasSize(1);
    }

    @Test
    void dropsAHostileClientWithAReasonAndServesTheNext() throws Exception {
        List<String> reasons = List.of("client flags", "option magic", "option 7", "request magic", "a write of");
        for (int i = 0; i < reasons.size(); i++) {
            try (NbdClient client = i < 3 ? new NbdClient(socket) : NbdClient.ready(socket)) {
                client.send(hostile(i));
                assertThatThrownBy(() -> client.receive(1)).isInstanceOf(IOException.class);
            }
            int count = i + 1;
            Await.until("the end is told", () -> ends.size() == count);
            assertThat(ends.get(i)).startsWith("dropped").contains(reasons.get(i));
        }
        try (NbdClient client = NbdClient.ready(socket)) {
            assertThat(client.write(0, new byte[] {1})).isZero();
            client.request(2, 0, 0, 0, new byte[0]);
            Await.until("the farewell is told", () -> ends.contains("the client disconnected"));
        }
    }

    @Test
    void dropsTheClientWhenTheSinkFailsAndServesTheNext() throws Exception {
        server.close();
        WriteLog failing = new WriteLog(
                new DiskSink() {
                    @Override
                    public void write(long epoch, long offset, ByteBuffer data) {
                        throw new IllegalStateException("the shipper is gone");
                    }

                    @Override
                    public void zero(long epoch, long offset, long length) {}
                },
                0);
        server = NbdServer.listen(socket, new NbdExport("disk", SIZE), failing, ends::add);
        try (NbdClient client = NbdClient.ready(socket)) {
            assertThatThrownBy(() -> client.write(0, new byte[] {1})).isInstanceOf(IOException.class);
        }
        Await.until("the end is told", () -> ends.size() == 1);
        assertThat(ends.get(0)).contains("the shipper is gone");
        try (NbdClient client = NbdClient.ready(socket)) {
            assertThat(client.call(6, 0, 0, 10)).isZero();
        }
    }

    @Test
    void tellsThatAnEpochIsFullBeforeItDropsTheClient() throws Exception {
        server.close();
        List<String> full = new CopyOnWriteArrayList<>();
        WriteLog toFull = new WriteLog(new FullDisk(), 0);
        server = NbdServer.listen(socket, new NbdExport("disk", SIZE), toFull, new NbdListener() {
            @Override
            public void onDisconnected(String reason) {
                ends.add(reason);
            }

            @Override
            public void onEpochFull(String reason) {
                full.add(reason);
            }
        });
        try (NbdClient client = NbdClient.ready(socket)) {
            assertThatThrownBy(() -> client.write(0, new byte[] {1})).isInstanceOf(IOException.class);
            assertThat(full).containsExactly("start when it is quiet");
        }
        Await.until("the end is told", () -> ends.size() == 1);
        assertThat(ends.get(0)).isEqualTo("dropped: start when it is quiet");
    }

    /** Takes nothing. */
    private static final class FullDisk implements DiskSink {
        @Override
        public void write(long epoch, long offset, ByteBuffer data) {
            throw new EpochFullException("start when it is quiet");
        }

        @Override
        public void zero(long epoch, long offset, long length) {}
    }

    /** QEMU hears nothing else while it waits for such an answer in a pause. */
    @Test
    void aClientWhoseWriteIsNotTakenCanBeLetGoOfAtOnce() throws Exception {
        server.close();
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        DiskSink waiting = new DiskSink() {
            @Override
            public void write(long epoch, long offset, ByteBuffer data) {
                taken.countDown();
                try {
                    goesOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void zero(long epoch, long offset, long length) {}
        };
        server = NbdServer.listen(socket, new NbdExport("disk", SIZE), new WriteLog(waiting, 0), ends::add);
        try (NbdClient client = NbdClient.ready(socket)) {
            client.request(1, 0, 0, 1, new byte[] {1});
            taken.await();

            server.disconnect();

            assertThatThrownBy(client::reply).isInstanceOf(IOException.class);
            assertThat(ends).as("the server's thread waits still").isEmpty();
            goesOn.countDown();
            Await.until("the end is told", () -> ends.size() == 1);
        } finally {
            goesOn.countDown();
        }
    }

    private static ByteBuffer hostile(int i) {
        return switch (i) {
            case 0 -> ByteBuffer.allocate(4).putInt(0x1000).flip();
            case 1 -> ByteBuffer.allocate(20).putInt(3).putLong(1).rewind();
            case 2 ->
                ByteBuffer.allocate(20)
                        .putInt(3)
                        .putLong(0x49484156454f5054L)
                        .putInt(7)
                        .putInt(-1)
                        .flip();
            case 3 -> ByteBuffer.allocate(28);
            default ->
                ByteBuffer.allocate(28)
                        .putInt(0x25609513)
                        .putInt(1)
                        .putLong(0)
                        .putLong(0)
                        .putInt((32 << 20) + 1)
                        .flip();
        };
    }
}
