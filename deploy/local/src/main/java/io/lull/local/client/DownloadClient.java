package io.lull.local.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.locks.LockSupport;

/**
 * Downloads one file by HTTP over one connection at a limited rate and prints its MD5. Arguments: host, port, path, bytes
 * per second. The rate is kept by reading no faster, so that the connection lives through whatever happens meanwhile.
 */
public final class DownloadClient {
    /** Longer than TCP takes to send again after a first round trip of a quarter of a minute. */
    private static final int SILENCE_LIMIT_MILLIS = 90_000;

    private static final int MAX_HEADER_BYTES = 8192;
    private static final int RECEIVE_BUFFER_BYTES = 64 << 10;
    private static final int READ_BYTES = 16 << 10;

    private final MessageDigest md5;
    private long bytes;
    private long maxGapNanos;

    private DownloadClient(MessageDigest md5) {
        this.md5 = md5;
    }

    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        DownloadReport report = run(args[0], Integer.parseInt(args[1]), args[2], Long.parseLong(args[3]));
        System.out.println(ClientLog.endLine(report));
    }

    /** Downloads until the file is whole or the connection is dead. */
    static DownloadReport run(String host, int port, String path, long bytesPerSecond) throws NoSuchAlgorithmException {
        DownloadClient client = new DownloadClient(MessageDigest.getInstance("MD5"));
        boolean whole = false;
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(SILENCE_LIMIT_MILLIS);
            socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.0\r\nHost: guest\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            long length = contentLength(header(in));
            client.read(in, length, bytesPerSecond / 1e9);
            whole = client.bytes == length;
        } catch (IOException e) {
            System.err.println("download broke after " + client.bytes + " bytes: " + e.getMessage());
        }
        return new DownloadReport(
                whole, client.bytes, HexFormat.of().formatHex(client.md5.digest()), client.maxGapNanos / 1_000_000);
    }

    private void read(InputStream in, long length, double bytesPerNano) throws IOException {
        byte[] buffer = new byte[READ_BYTES];
        long startNanos = System.nanoTime();
        long readyNanos = startNanos;
        while (bytes < length) {
            int got = in.read(buffer, 0, (int) Math.min(buffer.length, length - bytes));
            if (got < 0) {
                return;
            }
            md5.update(buffer, 0, got);
            bytes += got;
            long nowNanos = System.nanoTime();
            maxGapNanos = Math.max(maxGapNanos, nowNanos - readyNanos);
            LockSupport.parkNanos(startNanos + (long) (bytes / bytesPerNano) - nowNanos);
            readyNanos = System.nanoTime();
        }
    }

    private static String header(InputStream in) throws IOException {
        StringBuilder header = new StringBuilder();
        while (header.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0 || header.length() > MAX_HEADER_BYTES) {
                throw new IOException("no HTTP header: " + header);
            }
            header.append((char) c);
        }
        return header.toString();
    }

    private static long contentLength(String header) throws IOException {
        for (String line : header.split("\r\n")) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                return Long.parseLong(line.substring(15).trim());
            }
        }
        throw new IOException("no Content-Length in: " + header);
    }
}
