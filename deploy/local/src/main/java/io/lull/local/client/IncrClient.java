package io.lull.local.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * A closed-loop client of redis on one TCP connection: it sends INCR, waits for the reply, and checks that each reply
 * is the one before plus 1. Arguments: host, port, seconds, key. Prints one JSON line a second and one at the end.
 */
public final class IncrClient {
    private static final int SILENCE_LIMIT_MILLIS = 30_000;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private long replies;
    private long lost;
    private long doubled;
    private long last;
    private long lastReplyAtNanos;
    private long maxGapNanos;

    private IncrClient() {}

    public static void main(String[] args) throws IOException {
        new IncrClient().run(args[0], Integer.parseInt(args[1]), Long.parseLong(args[2]), args[3]);
    }

    private void run(String host, int port, long seconds, String key) throws IOException {
        boolean alive = true;
        try (Socket socket = new Socket(host, port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(SILENCE_LIMIT_MILLIS);
            loop(socket, System.nanoTime() + seconds * SECOND_NANOS, key);
        } catch (SocketTimeoutException e) {
            alive = false;
            System.err.println("no reply for " + SILENCE_LIMIT_MILLIS + " ms: the connection is dead");
        } catch (IOException e) {
            alive = false;
            System.err.println("connection lost: " + e.getMessage());
        }
        System.out.println("{\"end\":true,\"alive\":" + alive + ",\"replies\":" + replies + ",\"lost\":" + lost
                + ",\"doubled\":" + doubled + ",\"last\":" + last + ",\"maxGapMillis\":" + maxGapNanos / 1_000_000
                + "}");
    }

    private void loop(Socket socket, long endNanos, String key) throws IOException {
        OutputStream out = socket.getOutputStream();
        InputStream in = new BufferedInputStream(socket.getInputStream(), 256);
        byte[] request =
                ("*2\r\n$4\r\nINCR\r\n$" + key.length() + "\r\n" + key + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long nextLineNanos = System.nanoTime() + SECOND_NANOS;
        long repliesAtLine = 0;
        lastReplyAtNanos = System.nanoTime();
        while (lastReplyAtNanos < endNanos) {
            out.write(request);
            account(reply(in));
            if (lastReplyAtNanos >= nextLineNanos) {
                System.out.println("{\"ops\":" + (replies - repliesAtLine) + ",\"last\":" + last + "}");
                repliesAtLine = replies;
                nextLineNanos += SECOND_NANOS;
            }
        }
    }

    private void account(long value) {
        long now = System.nanoTime();
        maxGapNanos = Math.max(maxGapNanos, now - lastReplyAtNanos);
        lastReplyAtNanos = now;
        if (replies > 0) {
            if (value > last + 1) {
                lost += value - last - 1;
            } else if (value <= last) {
                doubled++;
            }
        }
        replies++;
        last = value;
    }

    private static long reply(InputStream in) throws IOException {
        int first = in.read();
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0 || line.length() > 64) {
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
