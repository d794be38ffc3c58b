package io.lull.local.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Downloads one file by HTTP over one connection at a limited rate and prints its MD5. Arguments: host, path, bytes per
 * second. The rate is kept by reading no faster, so that the connection lives through whatever happens meanwhile.
 */
public final class DownloadClient {
    private static final int SILENCE_LIMIT_MILLIS = 30_000;
    private static final int MAX_HEADER_BYTES = 8192;

    private DownloadClient() {}

    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        long bytes = 0;
        long maxGapNanos = 0;
        boolean whole = false;
        try (Socket socket = new Socket(args[0], 80)) {
            socket.setSoTimeout(SILENCE_LIMIT_MILLIS);
            socket.setReceiveBufferSize(64 << 10);
            socket.getOutputStream()
                    .write(("GET " + args[1] + " HTTP/1.0\r\nHost: guest\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            long length = contentLength(header(in));
            double bytesPerNano = Long.parseLong(args[2]) / 1e9;
            byte[] buffer = new byte[16 << 10];
            long startNanos = System.nanoTime();
            long lastNanos = startNanos;
            while (bytes < length) {
                int got = in.read(buffer, 0, (int) Math.min(buffer.length, length - bytes));
                if (got < 0) {
                    break;
                }
                md5.update(buffer, 0, got);
                bytes += got;
                long now = System.nanoTime();
                maxGapNanos = Math.max(maxGapNanos, now - lastNanos);
                java.util.concurrent.locks.LockSupport.parkNanos(startNanos + (long) (bytes / bytesPerNano) - now);
                lastNanos = System.nanoTime();
            }
            whole = bytes == length;
        } catch (IOException e) {
            System.err.println("download broke after " + bytes + " bytes: " + e.getMessage());
        }
        System.out.println("{\"end\":true,\"whole\":" + whole + ",\"bytes\":" + bytes + ",\"md5\":\""
                + HexFormat.of().formatHex(md5.digest()) + "\",\"maxGapMillis\":" + maxGapNanos / 1_000_000 + "}");
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
