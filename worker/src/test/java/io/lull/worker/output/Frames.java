package io.lull.worker.output;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/** Makes framed frames. */
final class Frames {
    static final int VNET_HEADER_BYTES = 12;
    static final int WORD_BYTES = 8;

    private Frames() {}

    /** A frame with vnet header whose Ethernet part begins with {@code tag} and {@code sequence}. */
    static byte[] tagged(long tag, long sequence, int ethernetBytes) {
        int length = VNET_HEADER_BYTES + ethernetBytes;
        ByteBuffer frame = ByteBuffer.allocate(WORD_BYTES + length);
        frame.putInt(length).putInt(VNET_HEADER_BYTES);
        frame.position(WORD_BYTES + VNET_HEADER_BYTES);
        frame.putLong(tag).putLong(sequence);
        return frame.array();
    }

    static byte[] random(Random random, boolean vnetHeader, int maxLength) {
        byte[] payload = new byte[1 + random.nextInt(maxLength)];
        random.nextBytes(payload);
        ByteBuffer frame = ByteBuffer.allocate(WORD_BYTES + payload.length);
        frame.putInt(payload.length);
        if (vnetHeader) {
            frame.putInt(random.nextInt(1 + Math.min(payload.length, GateFrames.MAX_VNET_HEADER_BYTES)));
        }
        frame.put(payload).flip();
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    static byte[] join(Iterable<byte[]> frames) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        frames.forEach(joined::writeBytes);
        return joined.toByteArray();
    }
}
