package io.lull.worker.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Somebody on the way between a primary and its backup, who sees each TLS record of the primary's, may change it, and
 * passes it on in small pieces.
 */
public final class TlsRelay implements AutoCloseable {
    private static final int HEADER_BYTES = 5;
    /** Content type of what is encrypted. */
    private static final int SEALED = 23;

    private static final int MAX_PIECE_BYTES = 4000;

    private final ServerSocketChannel server = WirePair.listening();
    private final InetSocketAddress backup;
    private final Meddler meddler;
    private final Random random;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final List<Integer> sealedBytes = new CopyOnWriteArrayList<>();

    /** What becomes of a sealed record on its way: what is passed on in its place. */
    public interface Meddler {
        byte[] pass(int number, byte[] record) throws IOException;
    }

    /** For one connection to this backup. */
    public TlsRelay(InetSocketAddress backup, Meddler meddler, Random random) throws IOException {
        this.backup = backup;
        this.meddler = meddler;
        this.random = random;
        start(this::serve);
    }

    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) server.getLocalAddress();
    }

    /** Lengths of the sealed records that came by, without their headers. */
    List<Integer> sealedBytes() {
        return sealedBytes;
    }

    private interface Work {
        void run() throws IOException;
    }

    private void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException over) {
                        closeQuietly();
                    }
                },
                "tls-relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            throw new AssertionError("closing a socket does not fail", e);
        }
    }

    private void serve() throws IOException {
        Socket near = server.accept().socket();
        Socket far = SocketChannel.open(backup).socket();
        far.setTcpNoDelay(true);
        open.addAll(List.of(near, far));
        start(() -> {
            back(far.getInputStream(), near.getOutputStream());
            near.shutdownOutput();
        });
        there(new DataInputStream(near.getInputStream()), far.getOutputStream());
        far.shutdownOutput();
    }

    private static void back(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            to.write(buffer, 0, length);
        }
    }

    private void there(DataInputStream from, OutputStream to) throws IOException {
        try {
            while (true) {
                byte[] header = new byte[HEADER_BYTES];
                from.readFully(header);
                int length = (header[3] & 0xff) << 8 | header[4] & 0xff;
                byte[] record = new byte[HEADER_BYTES + length];
                System.arraycopy(header, 0, record, 0, HEADER_BYTES);
                from.readFully(record, HEADER_BYTES, length);
                if (header[0] == SEALED) {
                    sealedBytes.add(length);
                    record = meddler.pass(sealedBytes.size(), record);
                }
                writeInPieces(record, to);
            }
        } catch (EOFException end) {
            // Between two records: the primary has ended its stream.
            return;
        }
    }

    private void writeInPieces(byte[] record, OutputStream to) throws IOException {
        int at = 0;
        while (at < record.length) {
            int length = Math.min(record.length - at, 1 + random.nextInt(MAX_PIECE_BYTES));
            to.write(record, at, length);
            at += length;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
