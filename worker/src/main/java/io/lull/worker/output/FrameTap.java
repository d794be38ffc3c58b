package io.lull.worker.output;

import java.nio.ByteBuffer;

/**
 * Sees every frame that passes through the gate, for whoever follows the guest's connections.
 *
 * <p>Each direction has a thread of its own, and the two call at the same time. A call must be short, must not block or
 * throw, must read the buffer by index only, and must not keep it.
 */
public interface FrameTap {
    /** Looks at nothing. */
    FrameTap NONE = new FrameTap() {
        @Override
        public void fromGuest(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos) {}

        @Override
        public void toGuest(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos) {}
    };

    /**
     * Sees a frame that the guest sent, when it arrives at the gate, and before it can leave; also one that is dropped.
     *
     * @param offset of the vnet header, which the Ethernet header follows
     * @param length in bytes, vnet header included
     * @param nowNanos of the gate's clock
     */
    void fromGuest(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos);

    /** Sees a copy of a frame on its way to the guest; parameters as for {@link #fromGuest}. */
    void toGuest(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos);
}
