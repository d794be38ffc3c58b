package io.lull.worker.output;

import java.nio.ByteBuffer;

/** What becomes of the frames that a pump reads. */
interface FrameIntake {
    /** How many bytes of frames, framing words included, it would keep now. */
    long roomBytes(long nowNanos);

    /** Sees one frame; see {@link FrameTap}. */
    void frame(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos);

    /**
     * Takes the frames of one read.
     *
     * @param kept the first of them, as many as there was room for
     * @param seen all of them
     */
    void batch(Block kept, Traffic seen);

    /** Keeps the guest's output for its epoch. */
    static FrameIntake ofOutput(GateQueue queue, FrameTap tap) {
        return new FrameIntake() {
            @Override
            public long roomBytes(long nowNanos) {
                return queue.roomBytes(nowNanos);
            }

            @Override
            public void frame(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos) {
                tap.fromGuest(buffer, offset, length, vnetHeaderBytes, nowNanos);
            }

            @Override
            public void batch(Block kept, Traffic seen) {
                queue.add(kept, seen);
            }
        };
    }

    /** Only looks at the frames towards the guest. */
    static FrameIntake ofMirror(GateQueue queue, FrameTap tap) {
        return new FrameIntake() {
            @Override
            public long roomBytes(long nowNanos) {
                return 0;
            }

            @Override
            public void frame(ByteBuffer buffer, int offset, int length, int vnetHeaderBytes, long nowNanos) {
                tap.toGuest(buffer, offset, length, vnetHeaderBytes, nowNanos);
            }

            @Override
            public void batch(Block kept, Traffic seen) {
                queue.addReceived(seen);
            }
        };
    }
}
