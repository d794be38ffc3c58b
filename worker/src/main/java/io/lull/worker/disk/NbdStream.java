package io.lull.worker.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** A connection's bytes through one fixed buffer for what comes and one for what goes. */
final class NbdStream {
    /** The most that {@link #take} gives at once. */
    static final int MAX_TAKE = WriteLog.MAX_RECORD_BYTES;

    /** The longest message of ours. */
    static final int MAX_REPLY_BYTES = 256;

    private final ByteChannel channel;
    private final ByteBuffer input = ByteBuffer.allocateDirect(MAX_TAKE + NbdWire.REQUEST_BYTES);
    private final ByteBuffer output = ByteBuffer.allocateDirect(MAX_REPLY_BYTES);

    NbdStream(ByteChannel channel) {
        this.channel = channel;
        input.limit(0);
    }

    /** Waits for {@code count} bytes and returns them; they are valid until the next call. */
    ByteBuffer take(int count) throws IOException {
        if (input.capacity() - input.position() < count) {
            input.compact().flip();
        }
        while (input.remaining() < count) {
            int start = input.position();
            input.position(input.limit()).limit(input.capacity());
            int read;
            try {
                read = channel.read(input);
            } finally {
                input.limit(input.position()).position(start);
            }
            if (read < 0) {
                throw new NbdException("the client closed the connection without a farewell");
            }
        }
        ByteBuffer taken = input.slice(input.position(), count);
        input.position(input.position() + count);
        return taken;
    }

    void skip(long count) throws IOException {
        for (long left = count; left > 0; ) {
            left -= take((int) Math.min(left, MAX_TAKE)).remaining();
        }
    }

    /** The empty output buffer, to be filled and then sent. */
    ByteBuffer reply() {
        return output.clear();
    }

    /** Sends what the output buffer was filled with. */
    void send() throws IOException {
        output.flip();
        while (output.hasRemaining()) {
            channel.write(output);
        }
    }
}
