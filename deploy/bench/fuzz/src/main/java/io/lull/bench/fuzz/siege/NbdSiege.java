package io.lull.bench.fuzz.siege;

import io.lull.bench.fuzz.Mutations;
import io.lull.bench.fuzz.parser.Target;
import io.lull.bench.fuzz.parser.TargetKind;
import io.lull.worker.disk.DiskSink;
import io.lull.worker.disk.NbdExport;
import io.lull.worker.disk.NbdOnBytes;
import io.lull.worker.disk.NbdServer;
import io.lull.worker.disk.WriteLog;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The NBD server's socket, which serves one client at a time: hostile clients one after the other, and, between them, good
 * ones whose writes must all arrive. A hostile client that waits while a good one is served must change nothing for it.
 */
final class NbdSiege implements Siege {
    private static final int GOOD_EVERY = 50;
    private static final int WRITE_BYTES = 4096;
    private static final int WAITING = 5;
    private static final int REPLY_BYTES = 4096;

    private final Path folder;
    private final byte[] disk = new byte[NbdOnBytes.DISK_BYTES];
    private final List<String> violations = new ArrayList<>();
    private final AtomicLong ended = new AtomicLong();
    private final Delays delays = new Delays();

    NbdSiege(Path folder) {
        this.folder = folder;
    }

    private final class Written implements DiskSink {
        @Override
        public void write(long epoch, long offset, ByteBuffer data) {
            synchronized (disk) {
                data.duplicate().get(disk, Math.toIntExact(offset), data.remaining());
            }
        }

        @Override
        public void zero(long epoch, long offset, long length) {
            synchronized (disk) {
                Arrays.fill(disk, Math.toIntExact(offset), Math.toIntExact(offset + length), (byte) 0);
            }
        }
    }

    @Override
    public Outcome run(long seed, int connections) throws Exception {
        WriteLog log = new WriteLog(new Written(), 1);
        Path socket = folder.resolve("nbd");
        NbdExport export = new NbdExport("disk", NbdOnBytes.DISK_BYTES);
        Leftovers leftovers = new Leftovers("lull-nbd");
        try (NbdServer server = NbdServer.listen(socket, export, log, this::disconnected);
                Target target = TargetKind.NBD.open(folder)) {
            Mutations mutations = new Mutations(target, seed);
            for (int i = 0; i < connections; i++) {
                hostile(socket, mutations.next());
                if (i % GOOD_EVERY == 0) {
                    good(socket, i, mutations);
                }
            }
        }
        if (log.counters().inFlight() != 0) {
            violations.add(log.counters().inFlight() + " requests count as in flight");
        }
        violations.addAll(leftovers.look());
        String report = String.format(
                "%,d hostile clients, %,d connections ended; good clients' writes %s; %s",
                connections, ended.get(), delays.text(), leftovers.text());
        return new Outcome(report, violations);
    }

    private void disconnected(String why) {
        ended.incrementAndGet();
        if (why.contains("taking a write failed")) {
            synchronized (violations) {
                violations.add(why);
            }
        }
    }

    private static void hostile(Path socket, byte[] input) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer bytes = ByteBuffer.wrap(input);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.shutdownOutput();
            ByteBuffer replies = ByteBuffer.allocate(REPLY_BYTES);
            while (channel.read(replies.clear()) >= 0) {
                // Whatever it is told.
            }
        } catch (IOException dropped) {
            // As it is to expect.
            return;
        }
    }

    /** A client that is served while hostile ones wait for their turn. */
    private void good(Path socket, int round, Mutations mutations) throws IOException {
        byte[] data = new byte[WRITE_BYTES];
        Arrays.fill(data, (byte) (round / GOOD_EVERY + 1));
        int offset = round / GOOD_EVERY % (NbdOnBytes.DISK_BYTES / WRITE_BYTES) * WRITE_BYTES;
        List<SocketChannel> waiting = new ArrayList<>();
        try (GoodNbdClient client = new GoodNbdClient(socket)) {
            for (int i = 0; i < WAITING; i++) {
                SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                waiting.add(other);
                other.write(ByteBuffer.wrap(mutations.next()));
            }
            long sentNanos = System.nanoTime();
            int error = client.write(offset, data);
            delays.add(System.nanoTime() - sentNanos);
            if (error != 0) {
                violations.add("a good client's write was answered with " + error);
            }
            synchronized (disk) {
                if (!Arrays.equals(Arrays.copyOfRange(disk, offset, offset + data.length), data)) {
                    violations.add("a good client's write at " + offset + " is not on the disk");
                }
            }
        } finally {
            for (SocketChannel each : waiting) {
                each.close();
            }
        }
    }
}
