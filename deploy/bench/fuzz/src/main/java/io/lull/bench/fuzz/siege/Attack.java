package io.lull.bench.fuzz.siege;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The ways of a hostile peer with a port: what it sends, and that it then waits to be rid of. */
enum Attack {
    /** Random bytes. */
    GARBAGE {
        @Override
        List<byte[]> send(Socket socket, byte[] session, SplittableRandom random) throws IOException {
            byte[] garbage = new byte[1 + random.nextInt(3000)];
            for (int i = 0; i < garbage.length; i++) {
                garbage[i] = (byte) random.nextInt(256);
            }
            socket.getOutputStream().write(garbage);
            return ended(socket);
        }
    },
    /** A mutated session, to its end. */
    MUTATED {
        @Override
        List<byte[]> send(Socket socket, byte[] session, SplittableRandom random) throws IOException {
            socket.getOutputStream().write(session);
            return ended(socket);
        }
    },
    /** A session of which the end never comes, and no end of the stream either. */
    HALF {
        @Override
        List<byte[]> send(Socket socket, byte[] session, SplittableRandom random) throws IOException {
            socket.getOutputStream().write(session, 0, random.nextInt(session.length + 1));
            return answered(socket);
        }
    },
    /** Nothing at all. */
    SILENCE {
        @Override
        List<byte[]> send(Socket socket, byte[] session, SplittableRandom random) throws IOException {
            return answered(socket);
        }
    },
    /** A byte now and then. */
    DRIP {
        @Override
        List<byte[]> send(Socket socket, byte[] session, SplittableRandom random) throws IOException {
            for (int i = 0; i < Math.min(DRIPS, session.length); i++) {
                socket.getOutputStream().write(session[i]);
                pause(random.nextInt(DRIP_MILLIS));
            }
            return answered(socket);
        }
    },
    /** A reset in the middle of what it says. */
    RESET {
        @Override
        List<byte[]> send(Socket socket, byte[] session, SplittableRandom random) throws IOException {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(session, 0, random.nextInt(session.length + 1));
            return List.of();
        }
    },
    /** Many connections at once, all silent for a moment, then gone. */
    CROWD {
        @Override
        List<byte[]> send(Socket socket, byte[] session, SplittableRandom random) throws IOException {
            List<Socket> others = new ArrayList<>();
            try {
                InetSocketAddress address = (InetSocketAddress) socket.getRemoteSocketAddress();
                for (int i = 0; i < CROWD_CONNECTIONS; i++) {
                    Socket other = new Socket();
                    others.add(other);
                    other.connect(address, CONNECT_MILLIS);
                }
                pause(CROWD_MILLIS);
            } finally {
                for (Socket other : others) {
                    other.close();
                }
            }
            return List.of();
        }
    };

    /** How long a peer waits to be dropped before it says that it was not. */
    static final int PATIENCE_MILLIS = 30_000;

    static final int CONNECT_MILLIS = 10_000;
    static final int CROWD_CONNECTIONS = 20;
    private static final int CROWD_MILLIS = 20;
    private static final int DRIPS = 40;
    private static final int DRIP_MILLIS = 20;
    private static final int ANSWER_BYTES = 1 << 16;

    /**
     * Does it.
     *
     * @param socket connected
     * @param session bytes that a mutation made of a session
     * @return what the other side said before it closed the connection; empty where nobody waited for it
     */
    abstract List<byte[]> send(Socket socket, byte[] session, SplittableRandom random) throws IOException;

    /** Mostly what is over soon: who waits to be dropped takes a second each. */
    static Attack any(SplittableRandom random) {
        int number = random.nextInt(1000);
        if (number < 400) {
            return MUTATED;
        }
        if (number < 700) {
            return GARBAGE;
        }
        if (number < 900) {
            return RESET;
        }
        if (number < 990) {
            return CROWD;
        }
        return List.of(HALF, SILENCE, DRIP).get(number % 3);
    }

    private static List<byte[]> ended(Socket socket) throws IOException {
        socket.shutdownOutput();
        return answered(socket);
    }

    private static List<byte[]> answered(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        try (InputStream in = socket.getInputStream()) {
            return List.of(in.readNBytes(ANSWER_BYTES));
        } catch (SocketTimeoutException e) {
            throw new KeptOpenException(e);
        }
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A hostile connection that the other side kept. */
    static final class KeptOpenException extends IOException {
        private static final long serialVersionUID = 1L;

        KeptOpenException(IOException cause) {
            super("not dropped within " + PATIENCE_MILLIS + " ms", cause);
        }
    }
}
