package io.lull.producer.net;

import java.nio.ByteBuffer;

/** The fields of one frame's TCP header; a mutable target that is parsed into again and again. Not thread-safe. */
final class TcpFrame {
    private static final int ETHERNET_BYTES = 14;
    private static final int MIN_IP_BYTES = 20;
    private static final int MIN_TCP_BYTES = 20;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int PROTOCOL_TCP = 6;
    private static final int FRAGMENT_OFFSET = 0x1fff;
    private static final int MAX_WINDOW_SCALE = 14;
    /** What RFC 9293 assumes of a peer that states no maximum segment size. */
    private static final int DEFAULT_SEGMENT_BYTES = 536;

    /** What a frame turned out to be. */
    enum Kind {
        TCP,
        OTHER,
        MALFORMED
    }

    int sourceAddress;
    int targetAddress;
    int sourcePort;
    int targetPort;
    int sequence;
    int acknowledgement;
    int window;
    int payloadBytes;
    int segmentBytes;
    int windowScale;
    boolean hasWindowScale;
    private int flags;

    /**
     * Reads the headers of the frame at {@code frame[offset, offset + length)}, whatever the buffer's position.
     *
     * <p>The payload may be cut off: its length is taken from the IP header, which a segmentation-offload frame states
     * truly up to 64 KiB, or from the frame where the IP header says 0.
     */
    Kind parse(ByteBuffer frame, int offset, int length, int vnetHeaderBytes) {
        if (offset < 0 || length < 0 || vnetHeaderBytes < 0 || vnetHeaderBytes > length) {
            return Kind.MALFORMED;
        }
        int end = offset + length;
        int ip = offset + vnetHeaderBytes + ETHERNET_BYTES;
        if (end < 0 || end > frame.limit() || ip > end) {
            return Kind.MALFORMED;
        }
        if (u16(frame, ip - 2) != ETHERTYPE_IPV4) {
            return Kind.OTHER;
        }
        if (ip + MIN_IP_BYTES > end) {
            return Kind.MALFORMED;
        }
        int ipHeaderBytes = (frame.get(ip) & 0x0f) * 4;
        if ((frame.get(ip) & 0xf0) != 0x40 || ipHeaderBytes < MIN_IP_BYTES) {
            return Kind.MALFORMED;
        }
        if (frame.get(ip + 9) != PROTOCOL_TCP || (u16(frame, ip + 6) & FRAGMENT_OFFSET) != 0) {
            return Kind.OTHER;
        }
        sourceAddress = i32(frame, ip + 12);
        targetAddress = i32(frame, ip + 16);
        int statedBytes = u16(frame, ip + 2);
        int packetBytes = (statedBytes == 0 ? end - ip : statedBytes) - ipHeaderBytes;
        return parseTcp(frame, ip + ipHeaderBytes, end, packetBytes);
    }

    private Kind parseTcp(ByteBuffer frame, int tcp, int end, int packetBytes) {
        if (tcp + MIN_TCP_BYTES > end) {
            return Kind.MALFORMED;
        }
        int headerBytes = (frame.get(tcp + 12) >> 4 & 0x0f) * 4;
        if (headerBytes < MIN_TCP_BYTES || tcp + headerBytes > end || packetBytes < headerBytes) {
            return Kind.MALFORMED;
        }
        sourcePort = u16(frame, tcp);
        targetPort = u16(frame, tcp + 2);
        sequence = i32(frame, tcp + 4);
        acknowledgement = i32(frame, tcp + 8);
        flags = frame.get(tcp + 13);
        window = u16(frame, tcp + 14);
        payloadBytes = packetBytes - headerBytes;
        hasWindowScale = false;
        windowScale = 0;
        segmentBytes = DEFAULT_SEGMENT_BYTES;
        if (syn()) {
            parseOptions(frame, tcp + MIN_TCP_BYTES, tcp + headerBytes);
        }
        return Kind.TCP;
    }

    private void parseOptions(ByteBuffer frame, int start, int end) {
        int at = start;
        while (at < end) {
            int kind = frame.get(at);
            if (kind == 0) {
                return;
            }
            if (kind == 1) {
                at++;
                continue;
            }
            int bytes = at + 1 < end ? frame.get(at + 1) & 0xff : 0;
            if (bytes < 2 || at + bytes > end) {
                return;
            }
            if (kind == 2 && bytes == 4) {
                segmentBytes = u16(frame, at + 2);
            } else if (kind == 3 && bytes == 3) {
                hasWindowScale = true;
                windowScale = Math.min(MAX_WINDOW_SCALE, frame.get(at + 2) & 0xff);
            }
            at += bytes;
        }
    }

    /** The connection as seen from a guest that sent this frame: its peer's address and port, and its own port. */
    long keyOfSent() {
        return key(targetAddress, targetPort, sourcePort);
    }

    /** The connection as seen from a guest that receives this frame. */
    long keyOfReceived() {
        return key(sourceAddress, sourcePort, targetPort);
    }

    private static long key(int peerAddress, int peerPort, int guestPort) {
        return (long) peerAddress << 32 | (long) peerPort << 16 | guestPort;
    }

    /** The guest's port in a key. */
    static int guestPort(long key) {
        return (int) key & 0xFFFF;
    }

    /** What the frame takes of the sequence space: its payload, and one each for SYN and FIN. */
    int sequenceBytes() {
        return payloadBytes + (syn() ? 1 : 0) + (fin() ? 1 : 0);
    }

    boolean fin() {
        return (flags & 0x01) != 0;
    }

    boolean syn() {
        return (flags & 0x02) != 0;
    }

    boolean rst() {
        return (flags & 0x04) != 0;
    }

    boolean ack() {
        return (flags & 0x10) != 0;
    }

    // Byte by byte, so that the byte order that the caller gave the buffer does not matter.
    private static int u16(ByteBuffer frame, int at) {
        return (frame.get(at) & 0xff) << 8 | frame.get(at + 1) & 0xff;
    }

    private static int i32(ByteBuffer frame, int at) {
        return u16(frame, at) << 16 | u16(frame, at + 2);
    }
}
