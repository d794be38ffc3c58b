package io.lull.worker.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A client written from the protocol's text, with its own numbers, that can also be rude. */
public final class NbdClient implements Closeable {
    private final SocketChannel channel;

    NbdClient(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        ByteBuffer greeting = receive(18);
        if (greeting.getLong() != 0x4e42444d41474943L || greeting.getLong() != 0x49484156454f5054L) {
            throw new IOException("no NBD greeting");
        }
        if (greeting.getShort() != 3) {
            throw new IOException("not fixed newstyle with NO_ZEROES");
        }
    }

    /** A client that has agreed on the export "disk" by GO. */
    public static NbdClient ready(Path socket) throws IOException {
        NbdClient client = new NbdClient(socket);
        client.sendFlags(3);
        client.option(7, named("disk"));
        while (client.optionReply(7).type() == 3) {
            continue;
        }
        return client;
    }

    record OptionReply(int type, ByteBuffer data) {}

    record Reply(int error, long cookie) {}

    void sendFlags(int flags) throws IOException {
        send(ByteBuffer.allocate(4).putInt(flags).flip());
    }

    void option(int option, byte[] data) throws IOException {
        send(ByteBuffer.allocate(16 + data.length)
                .putLong(0x49484156454f5054L)
                .putInt(option)
                .putInt(data.length)
                .put(data)
                .flip());
    }

    static byte[] named(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(6 + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .putShort((short) 0)
                .array();
    }

    OptionReply optionReply(int option) throws IOException {
        ByteBuffer header = receive(20);
        if (header.getLong() != 0x3e889045565a9L || header.getInt() != option) {
            throw new IOException("not a reply to option " + option);
        }
        int type = header.getInt();
        return new OptionReply(type, receive(header.getInt()));
    }

    /** Sends a request without waiting; {@code data} goes behind the header. */
    void request(int type, int flags, long offset, int length, byte[] data) throws IOException {
        send(ByteBuffer.allocate(28 + data.length)
                .putInt(0x25609513)
                .putShort((short) flags)
                .putShort((short) type)
                .putLong(offset ^ 0x5555)
                .putLong(offset)
                .putInt(length)
                .put(data)
                .flip());
    }

    Reply reply() throws IOException {
        ByteBuffer reply = receive(16);
        if (reply.getInt() != 0x67446698) {
            throw new IOException("not a simple reply");
        }
        return new Reply(reply.getInt(), reply.getLong());
    }

    int call(int type, int flags, long offset, int length, byte... data) throws IOException {
        request(type, flags, offset, length, data);
        Reply reply = reply();
        if (reply.cookie() != (offset ^ 0x5555)) {
            throw new IOException("the reply is to another request");
        }
        return reply.error();
    }

    public int write(long offset, byte[] data) throws IOException {
        return call(1, 0, offset, data.length, data);
    }

    void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    ByteBuffer receive(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the server closed the connection");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
