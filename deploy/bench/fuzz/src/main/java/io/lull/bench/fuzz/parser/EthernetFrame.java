package io.lull.bench.fuzz.parser;

import java.nio.ByteBuffer;

/** One frame of a TCP connection as QEMU passes it on: its length, the virtio header's length, the frame. */
final class EthernetFrame {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;

    private static final int VNET_BYTES = 12;
    private static final int ETHERNET_BYTES = 14;
    private static final int IP_BYTES = 20;
    private static final int TCP_BYTES = 20;
    /** The lowest bit of the second byte of the address: whom the frame is from. */
    static final int DIRECTION_AT = 2 * Integer.BYTES + VNET_BYTES + 1;

    private EthernetFrame() {}

    /**
     * A frame between port 80 of the guest and a client.
     *
     * @param tcpOptions a multiple of four bytes
     */
    static byte[] of(
            boolean fromGuest,
            int clientPort,
            int flags,
            int sequence,
            int acknowledgement,
            int payloadBytes,
            byte[] tcpOptions) {
        int tcpBytes = TCP_BYTES + tcpOptions.length;
        int length = VNET_BYTES + ETHERNET_BYTES + IP_BYTES + tcpBytes + payloadBytes;
        ByteBuffer frame = ByteBuffer.allocate(2 * Integer.BYTES + length);
        frame.putInt(length).putInt(VNET_BYTES).put(new byte[VNET_BYTES]);
        frame.put((byte) 0x52).put((byte) (fromGuest ? 0 : 1)).put(new byte[10]).putShort((short) 0x0800);
        frame.put((byte) 0x45).put((byte) 0).putShort((short) (IP_BYTES + tcpBytes + payloadBytes));
        frame.putInt(0).put((byte) 64).put((byte) 6).putShort((short) 0);
        frame.putInt(fromGuest ? 0x0a090002 : 0x0a090001).putInt(fromGuest ? 0x0a090001 : 0x0a090002);
        frame.putShort((short) (fromGuest ? 80 : clientPort)).putShort((short) (fromGuest ? clientPort : 80));
        frame.putInt(sequence).putInt(acknowledgement);
        frame.put((byte) (tcpBytes / 4 << 4)).put((byte) flags).putShort((short) 0x7fff);
        return frame.putInt(0).put(tcpOptions).array();
    }
}
