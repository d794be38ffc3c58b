package io.lull.worker.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What the NBD server makes of a client's bytes, on the caller's thread and without a socket; keeps the disk. */
public final class NbdOnBytes {
    /** Size of the disk that is offered. */
    public static final int DISK_BYTES = 1 << 20;

    private static final NbdExport EXPORT = new NbdExport("disk", DISK_BYTES);

    private final byte[] disk = new byte[DISK_BYTES];
    private final WriteLog log = new WriteLog(new Replayed(), 1);

    private final class Replayed implements DiskSink {
        @Override
        public void write(long epoch, long offset, ByteBuffer data) {
            data.duplicate().get(disk, Math.toIntExact(offset), data.remaining());
        }

        @Override
        public void zero(long epoch, long offset, long length) {
            int from = Math.toIntExact(offset);
            Arrays.fill(disk, from, Math.toIntExact(from + length), (byte) 0);
        }
    }

    /** Serves a connection to its end. */
    public void take(ByteChannel client) throws IOException {
        NbdStream stream = new NbdStream(client);
        if (new NbdHandshake(stream, EXPORT).run()) {
            new NbdTransmission(stream, EXPORT, log).run();
        }
    }

    /** The disk as written so far. */
    public byte[] disk() {
        return disk.clone();
    }

    /** Requests that were begun and never answered; none when no connection is open. */
    public int inFlight() {
        return log.counters().inFlight();
    }

    /** The messages of a client that asks about the export, agrees on it, does one of everything, and leaves. */
    public static List<byte[]> conversation(byte[] data, long offset) {
        return List.of(
                ByteBuffer.allocate(4).putInt(3).array(),
                option(6, NbdClient.named("disk")),
                option(8, new byte[0]),
                option(7, NbdClient.named("disk")),
                request(1, offset, data.length, data),
                request(0, offset, 10, new byte[0]),
                request(3, 0, 0, new byte[0]),
                request(6, offset + data.length, 4096, new byte[0]),
                request(4, 0, 512, new byte[0]),
                request(2, 0, 0, new byte[0]));
    }

    /** A client of the oldest way to begin. */
    public static List<byte[]> oldConversation(byte[] data, long offset) {
        return List.of(
                ByteBuffer.allocate(4).putInt(1).array(),
                option(1, "disk".getBytes(StandardCharsets.UTF_8)),
                request(1, offset, data.length, data),
                request(2, 0, 0, new byte[0]));
    }

    private static byte[] option(int option, byte[] data) {
        return ByteBuffer.allocate(16 + data.length)
                .putLong(0x49484156454f5054L)
                .putInt(option)
                .putInt(data.length)
                .put(data)
                .array();
    }

    private static byte[] request(int type, long offset, int length, byte[] data) {
        return ByteBuffer.allocate(28 + data.length)
                .putInt(0x25609513)
                .putShort((short) 0)
                .putShort((short) type)
                .putLong(offset ^ 0x5555)
                .putLong(offset)
                .putInt(length)
                .put(data)
                .array();
    }
}
