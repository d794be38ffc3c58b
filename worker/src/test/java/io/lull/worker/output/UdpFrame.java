package io.lull.worker.output;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;

/** An Ethernet frame with a UDP packet that a {@link GuestKernel} routes on, and that says which one it is. */
final class UdpFrame {
    /** As sent. */
    static final int BYTES = 14 + 20 + 8 + 24;

    private static final long MAGIC = 0x4C55_4C4C_504C_5547L;
    private static final byte[] TO_ROUTER = HexFormat.of().parseHex("5254000000005254000000660800");
    private static final int SOURCE = 0x0A01_0002;
    private static final int TARGET = 0x0A02_0002;
    private static final int UDP = 17;

    private UdpFrame() {}

    static byte[] of(long run, long tag) {
        ByteBuffer frame = ByteBuffer.allocate(BYTES);
        frame.put(TO_ROUTER);
        int header = frame.position();
        int length = BYTES - header;
        frame.putShort((short) 0x4500).putShort((short) length).putInt(0);
        frame.put((byte) 64).put((byte) UDP).putShort((short) 0).putInt(SOURCE).putInt(TARGET);
        frame.putShort(header + 10, checksum(frame, header));
        frame.putShort((short) 1000)
                .putShort((short) 2000)
                .putShort((short) (length - 20))
                .putShort((short) 0);
        frame.putLong(MAGIC).putLong(run).putLong(tag);
        return frame.array();
    }

    private static short checksum(ByteBuffer frame, int header) {
        int sum = 0;
        for (int at = header; at < header + 20; at += 2) {
            sum += frame.getShort(at) & 0xFFFF;
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum += sum >>> 16;
        return (short) ~sum;
    }

    /** Run and tag, of a frame that is such a one. */
    static Optional<long[]> read(byte[] frame, int length) {
        for (int at = 0; at + 24 <= length; at++) {
            ByteBuffer from = ByteBuffer.wrap(frame, at, 24);
            if (from.getLong() == MAGIC) {
                return Optional.of(new long[] {from.getLong(), from.getLong()});
            }
        }
        return Optional.empty();
    }
}
