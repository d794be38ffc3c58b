package io.lull.local.fault;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** A client of redis on one connection that sends INCR after each reply and fails unless each is the one before plus 1. */
final class IncrLoop implements AutoCloseable {
    private static final int SILENCE_MILLIS = 60_000;
    private static final long END_SECONDS = 70;

    private final Socket socket;
    private final AtomicLong replies = new AtomicLong();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stop;

    IncrLoop(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(SILENCE_MILLIS);
        socket.setTcpNoDelay(true);
        Thread thread = new Thread(this::run, "incr");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            OutputStream out = socket.getOutputStream();
            byte[] request = ("INCR n" + socket.getLocalPort() + "-" + System.nanoTime() + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            for (long expected = 1; !stop; expected++) {
                out.write(request);
                String line = in.readLine();
                if (!(":" + expected).equals(line)) {
                    throw new IOException("expected " + expected + ", got " + line);
                }
                replies.incrementAndGet();
            }
            ended.complete(null);
        } catch (IOException e) {
            ended.completeExceptionally(e);
        }
    }

    long replies() {
        return replies.get();
    }

    /** Ends the loop after its next reply and fails when any reply was wrong or none came. */
    void finish() throws IOException {
        stop = true;
        try {
            ended.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("after " + replies + " replies: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        stop = true;
        socket.close();
    }
}
