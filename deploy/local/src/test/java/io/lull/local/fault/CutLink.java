package io.lull.local.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A network between a primary and its backup that can be cut: then connections stay open and nothing comes through. */
final class CutLink implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ServerSocket server;
    private final int target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile boolean cut;

    /** Passes connections on to {@code target}, a port of loopback. */
    CutLink(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        start(this::accept, "cut-link-accept");
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on what is sent is lost. */
    void cut() {
        cut = true;
    }

    /** The network is back; the connections of before are not. */
    void mend() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
        cut = false;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                if (cut) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                open.addAll(List.of(near, far));
                start(() -> pass(near, far), "cut-link-there");
                start(() -> pass(far, near), "cut-link-back");
            }
        } catch (IOException closed) {
            // The test is over, or the backup is gone: nobody passes any more.
            return;
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!cut) {
                    out.write(buffer, 0, length);
                }
            }
            if (!cut) {
                to.shutdownOutput();
            }
        } catch (IOException closed) {
            // One end is gone; the other learns it by its own connection, or not at all while the link is cut.
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
        server.close();
        mend();
    }
}
