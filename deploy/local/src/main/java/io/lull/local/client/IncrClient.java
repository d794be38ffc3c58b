package io.lull.local.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * A closed-loop client of redis on one TCP connection: it sends INCR, waits for the reply, and checks that each reply
 * is the one before plus 1. Arguments: host, port, seconds, key. Prints a line for each reply, so that it can be told how
 * many there were at any moment, and its report at the end, which SIGTERM brings on after the next reply.
 */
public final class IncrClient {
    private static final int SILENCE_LIMIT_MILLIS = 30_000;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int MAX_REPLY_CHARACTERS = 64;

    private static final long END_MILLIS = 35_000;

    private static volatile boolean told;

    private final IncrTally tally = new IncrTally(System.nanoTime());
    private final PrintStream out;

    private IncrClient(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] args) throws IOException {
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endAfterNextReply(main)));
        IncrReport report = run(args[0], Integer.parseInt(args[1]), Long.parseLong(args[2]), args[3], System.out);
        System.out.println(ClientLog.endLine(report));
    }

    private static void endAfterNextReply(Thread main) {
        told = true;
        try {
            main.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs it for these seconds, or until the connection is dead; says each reply to {@code out}. */
    static IncrReport run(String host, int port, long seconds, String key, PrintStream out) {
        IncrClient client = new IncrClient(out);
        try (Socket socket = new Socket(host, port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_LIMIT_MILLIS);
            client.loop(socket, System.nanoTime() + seconds * SECOND_NANOS, key);
            return client.tally.report(true);
        } catch (SocketTimeoutException e) {
            System.err.println("no reply for " + SILENCE_LIMIT_MILLIS + " ms: the connection is dead");
        } catch (IOException e) {
            System.err.println("connection lost: " + e.getMessage());
        }
        return client.tally.report(false);
    }

    private void loop(Socket socket, long endNanos, String key) throws IOException {
        OutputStream requests = socket.getOutputStream();
        InputStream replies = new BufferedInputStream(socket.getInputStream(), 256);
        byte[] request =
                ("*2\r\n$4\r\nINCR\r\n$" + key.length() + "\r\n" + key + "\r\n").getBytes(StandardCharsets.US_ASCII);
        while (!told && tally.lastReplyAtNanos() < endNanos) {
            requests.write(request);
            long value = reply(replies);
            tally.reply(value, System.nanoTime());
            out.println(ClientLog.repliesLine(tally.replies()));
        }
    }

    private static long reply(InputStream in) throws IOException {
        int first = in.read();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0 || line.length() > MAX_REPLY_CHARACTERS) {
                throw new IOException("the server closed the connection or sent no integer: " + line);
            }
            line.append((char) c);
        }
        if (in.read() != '\n' || first != ':') {
            throw new IOException("not an integer reply: " + (char) first + line);
        }
        return Long.parseLong(line.toString());
    }
}
