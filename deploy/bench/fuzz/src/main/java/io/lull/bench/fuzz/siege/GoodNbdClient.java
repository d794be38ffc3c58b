package io.lull.bench.fuzz.siege;

import io.lull.worker.disk.NbdOnBytes;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** A well-behaved NBD client of the oldest way to begin, which needs the fewest messages. */
final class GoodNbdClient implements AutoCloseable {
    private static final int GREETING_BYTES = 18;
    /** Size, flags, and the padding that a client without NO_ZEROES gets. */
    private static final int EXPORT_BYTES = 134;

    private static final int REPLY_BYTES = 16;

    private final SocketChannel channel;

    GoodNbdClient(Path socket) throws IOException {
        this.channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        try {
            List<byte[]> messages = NbdOnBytes.oldConversation(new byte[0], 0);
            receive(GREETING_BYTES);
            send(messages.get(0));
            send(messages.get(1));
            receive(EXPORT_BYTES);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Writes, and returns the error that the server answers with; 0 is none. */
    int write(int offset, byte[] data) throws IOException {
        send(NbdOnBytes.oldConversation(data, offset).get(2));
        ByteBuffer reply = receive(REPLY_BYTES);
        return reply.getInt(Integer.BYTES);
    }

    private void send(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private ByteBuffer receive(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the NBD server closed the connection");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        send(NbdOnBytes.oldConversation(new byte[0], 0).get(3));
        channel.close();
    }
}
