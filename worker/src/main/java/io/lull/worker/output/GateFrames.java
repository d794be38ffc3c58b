package io.lull.worker.output;

import java.nio.ByteBuffer;

/**
 * Finds the frames in a byte stream in QEMU's socket framing: {@code u32 length}, with vnet headers also {@code u32
 * vnetHeaderLength}, both big endian, then {@code length} bytes, the vnet header among them.
 *
 * <p>It keeps no state between calls: an incomplete frame at the end is left for the next call.
 */
public final class GateFrames {
    /** No frame is longer; QEMU's own buffer for one is 69,632 bytes. */
    public static final int MAX_FRAME_BYTES = 70_000;

    /** No vnet header is longer; QEMU's are 0, 10, 12 or 20 bytes. */
    public static final int MAX_VNET_HEADER_BYTES = 64;

    private final boolean vnetHeader;

    /** Is given the frames that {@link #scan} finds. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes one complete frame.
         *
         * @param start where the framing words before it begin
         * @param offset where the frame's bytes begin, vnet header first
         * @param length the frame's bytes, vnet header included; at least 1
         * @param vnetHeaderBytes from 0 to {@code length}
         */
        void frame(int start, int offset, int length, int vnetHeaderBytes);
    }

    /**
     * A reader for one framing.
     *
     * @param vnetHeader whether each frame's length is followed by the length of its vnet header
     */
    public GateFrames(boolean vnetHeader) {
        this.vnetHeader = vnetHeader;
    }

    /**
     * Hands every complete frame in {@code [from, to)} to {@code sink}; {@code from} is where a frame begins.
     *
     * @param buffer big endian; only read, and only by index
     * @return where the first incomplete frame begins; {@code to} when there is none
     * @throws GateException at the first framing word that can't be true, however little of the frame is there
     */
    public int scan(ByteBuffer buffer, int from, int to, Sink sink) throws GateException {
        int wordBytes = vnetHeader ? 2 * Integer.BYTES : Integer.BYTES;
        int start = from;
        while (to - start >= Integer.BYTES) {
            int length = buffer.getInt(start);
            if (length < 1 || length > MAX_FRAME_BYTES) {
                throw new GateException("a frame of " + Integer.toUnsignedString(length)
                        + " bytes was announced, allowed are 1 to " + MAX_FRAME_BYTES
                        + ": the sender's framing is not the one configured");
            }
            if (to - start < wordBytes) {
                break;
            }
            int vnetHeaderBytes = vnetHeader ? vnetHeaderBytes(buffer, start, length) : 0;
            int offset = start + wordBytes;
            if (to - offset < length) {
                break;
            }
            sink.frame(start, offset, length, vnetHeaderBytes);
            start = offset + length;
        }
        return start;
    }

    private static int vnetHeaderBytes(ByteBuffer buffer, int start, int length) throws GateException {
        int bytes = buffer.getInt(start + Integer.BYTES);
        if (bytes < 0 || bytes > Math.min(length, MAX_VNET_HEADER_BYTES)) {
            throw new GateException("a vnet header of " + Integer.toUnsignedString(bytes)
                    + " bytes was announced in a frame of " + length + ", allowed are 0 to " + MAX_VNET_HEADER_BYTES
                    + " within the frame: the sender's framing is not the one configured");
        }
        return bytes;
    }
}
