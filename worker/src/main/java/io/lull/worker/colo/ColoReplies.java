package io.lull.worker.colo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What QEMU hears on its COLO stream: the messages that it waits for, and that the stream has ended. Each message has one thread that
 * sends it; any thread may hang up, which ends who reads too.
 */
final class ColoReplies {
    private static final Logger LOG = LoggerFactory.getLogger(ColoReplies.class);

    private final ByteBuffer pauseMessage = message(ColoMessage.CHECKPOINT_REPLY);
    private final ByteBuffer resumeMessage = message(ColoMessage.VMSTATE_RECEIVED, ColoMessage.VMSTATE_LOADED);
    private volatile @Nullable SocketChannel channel;

    /** QEMU has connected. */
    void sendOn(SocketChannel accepted) {
        channel = accepted;
    }

    /** The initial copy is taken in: the guest runs, and QEMU asks for checkpoints. */
    void ready() throws IOException {
        write(message(ColoMessage.CHECKPOINT_READY));
    }

    /** QEMU stops the guest, and sends a checkpoint. */
    void pause() throws IOException {
        write(pauseMessage.rewind());
    }

    /** The checkpoint is taken in: the guest runs. */
    void resume() throws IOException {
        write(resumeMessage.rewind());
    }

    private static ByteBuffer message(ColoMessage... messages) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(4 * messages.length);
        for (ColoMessage each : messages) {
            bytes.putInt(each.ordinal());
        }
        return bytes.flip();
    }

    private void write(ByteBuffer bytes) throws IOException {
        SocketChannel to = channel;
        if (to == null) {
            throw new ColoStreamException("QEMU is not connected");
        }
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    /** Closes the stream, if it is open. */
    void hangUp() {
        SocketChannel open = channel;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing the COLO stream", e);
            }
        }
    }
}
