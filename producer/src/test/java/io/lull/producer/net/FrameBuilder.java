package io.lull.producer.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One TCP frame between a client and port 80 of a guest, made by hand. */
final class FrameBuilder {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;

    private final boolean fromGuest;
    private final int flags;
    private int clientPort = 40_000;
    private int sequence;
    private int acknowledgement;
    private int window = 65_535;
    private int payload;
    private int vnetBytes;
    private int ipOptionBytes;
    private boolean statesLength = true;
    private int keptPayload = Integer.MAX_VALUE;
    private byte[] options = {};

    private FrameBuilder(boolean fromGuest, int flags) {
        this.fromGuest = fromGuest;
        this.flags = flags;
    }

    static FrameBuilder fromGuest(int flags) {
        return new FrameBuilder(true, flags);
    }

    static FrameBuilder fromClient(int flags) {
        return new FrameBuilder(false, flags);
    }

    FrameBuilder clientPort(int port) {
        clientPort = port;
        return this;
    }

    FrameBuilder seq(int value) {
        sequence = value;
        return this;
    }

    FrameBuilder ack(int value) {
        acknowledgement = value;
        return this;
    }

    FrameBuilder window(int value) {
        window = value;
        return this;
    }

    FrameBuilder payload(int bytes) {
        payload = bytes;
        return this;
    }

    FrameBuilder vnet(int bytes) {
        vnetBytes = bytes;
        return this;
    }

    FrameBuilder ipOptions(int bytes) {
        ipOptionBytes = bytes;
        return this;
    }

    /** The IP header says 0, as for packets above 64 KiB. */
    FrameBuilder withoutStatedLength() {
        statesLength = false;
        return this;
    }

    /** Only this much of the payload is in the buffer. */
    FrameBuilder capturedPayload(int bytes) {
        keptPayload = bytes;
        return this;
    }

    FrameBuilder options(int... bytes) {
        options = new byte[(bytes.length + 3) / 4 * 4];
        for (int i = 0; i < bytes.length; i++) {
            options[i] = (byte) bytes[i];
        }
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[vnetBytes + 12]);
        out.writeBytes(new byte[] {8, 0});
        int tcpBytes = 20 + options.length;
        ByteBuffer packet = ByteBuffer.allocate(20 + ipOptionBytes + tcpBytes);
        packet.put((byte) (0x40 | (20 + ipOptionBytes) / 4)).put((byte) 0);
        packet.putShort((short) (statesLength ? packet.capacity() + payload : 0));
        packet.putInt(0).put((byte) 64).put((byte) 6).putShort((short) 0);
        packet.putInt(fromGuest ? 0x0a090002 : 0x0a090001).putInt(fromGuest ? 0x0a090001 : 0x0a090002);
        packet.put(new byte[ipOptionBytes]);
        packet.putShort((short) (fromGuest ? 80 : clientPort)).putShort((short) (fromGuest ? clientPort : 80));
        packet.putInt(sequence).putInt(acknowledgement);
        packet.put((byte) (tcpBytes / 4 << 4)).put((byte) flags).putShort((short) window);
        packet.putInt(0).put(options);
        out.writeBytes(packet.array());
        out.writeBytes(new byte[Math.min(payload, keptPayload)]);
        return out.toByteArray();
    }

    /** Hands the frame to the table's side that it belongs to, from the middle of a little-endian direct buffer. */
    void passTo(TcpTable table, long nowNanos) {
        byte[] frame = bytes();
        ByteBuffer buffer = ByteBuffer.allocateDirect(frame.length + 9).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(5, frame);
        if (fromGuest) {
            table.onOut(buffer, 5, frame.length, vnetBytes, nowNanos);
        } else {
            table.onIn(buffer, 5, frame.length, vnetBytes, nowNanos);
        }
    }
}
