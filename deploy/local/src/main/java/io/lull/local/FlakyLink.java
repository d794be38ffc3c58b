package io.lull.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** A network between a primary and its backup that can be made worse. */
public final class FlakyLink implements AutoCloseable {
    private static final int BUFFER_BYTES = 32 << 10;
    private static final int BACKLOG = 16;
    private static final long POLL_NANOS = 5_000_000;
    private static final long SLOW_BYTES_PER_SECOND = 200_000;
    private static final long NARROW_BYTES_PER_SECOND = 4_000_000;

    private final ServerSocket server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile int target;
    private volatile Manner manner = Manner.GOOD;
    private volatile boolean closed;

    /** How the link behaves. */
    public enum Manner {
        GOOD,
        /** New connections are reset at once. */
        CUT,
        /** What is sent waits. */
        SILENT,
        /** 200 kB/s each way. */
        SLOW,
        /** 4 MB/s each way. */
        NARROW,
        /** The next byte that comes by is changed; after it the link is good. */
        CORRUPTING
    }

    /** A link to a port of loopback that is yet to be named. */
    public FlakyLink() throws IOException {
        this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        start(this::accept, "link-accept");
    }

    /** A link to this port of loopback. */
    public static FlakyLink to(int port) throws IOException {
        FlakyLink link = new FlakyLink();
        link.leadTo(port);
        return link;
    }

    /** Where it takes connections. */
    public int port() {
        return server.getLocalPort();
    }

    /** Where it passes them on to. */
    public void leadTo(int port) {
        target = port;
    }

    /** From now on it behaves so; at {@code CUT} the connections of before are reset, and what waited in them is lost. */
    public void behave(Manner now) throws IOException {
        manner = now;
        if (now == Manner.CUT) {
            for (Socket socket : open) {
                reset(socket);
            }
            open.clear();
        }
    }

    private static void reset(Socket socket) throws IOException {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException closed) {
            // By the thread that serves it, since its other end is closed.
            return;
        }
        socket.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                if (manner == Manner.CUT || !connect(near)) {
                    reset(near);
                }
            }
        } catch (IOException over) {
            // The life is over: nobody connects any more.
            return;
        }
    }

    /** Whether somebody listens at the far end. */
    private boolean connect(Socket near) {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            open.addAll(List.of(near, far));
            start(() -> pass(near, far), "link-there");
            start(() -> pass(far, near), "link-back");
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                harm(buffer, length);
                out.write(buffer, 0, length);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private void harm(byte[] buffer, int length) {
        while (manner == Manner.SILENT && !closed) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        if (manner == Manner.SLOW) {
            LockSupport.parkNanos(length * 1_000_000_000L / SLOW_BYTES_PER_SECOND);
        } else if (manner == Manner.NARROW) {
            LockSupport.parkNanos(length * 1_000_000_000L / NARROW_BYTES_PER_SECOND);
        }
        if (corrupts()) {
            buffer[length / 2] ^= 0x10;
        }
    }

    /** Whether this is the one piece that is spoilt. */
    private synchronized boolean corrupts() {
        boolean mine = manner == Manner.CORRUPTING;
        if (mine) {
            manner = Manner.GOOD;
        }
        return mine;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
            return;
        }
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        open.forEach(FlakyLink::close);
    }
}
