package io.lull.bench.faults.scene;

import io.lull.bench.faults.check.Speakers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A program inside a test network that prints {@code millis standby primary} whenever a frame has come from either VM,
 * as the TAP devices count them; looked at every two milliseconds until it is ended.
 */
public final class TapWatch {
    private static final long POLL_NANOS = 2_000_000;

    private TapWatch() {}

    /** Prints until it is killed. */
    public static void main(String[] args) throws IOException {
        long standby = -1;
        long primary = -1;
        while (true) {
            // The standby's first: see Speakers.Heard.
            long nowStandby = frames("tap1");
            long nowPrimary = frames("tap0");
            if (nowStandby != standby || nowPrimary != primary) {
                standby = nowStandby;
                primary = nowPrimary;
                System.out.println(System.currentTimeMillis() + " " + standby + " " + primary);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static long frames(String tap) throws IOException {
        String text = Files.readString(Path.of("/sys/class/net", tap, "statistics/rx_packets"));
        return Long.parseLong(text.strip());
    }

    /** What it has printed to a file so far. */
    static List<Speakers.Heard> heard(Path log) throws IOException {
        List<Speakers.Heard> heard = new ArrayList<>();
        String text = Files.readString(log, StandardCharsets.US_ASCII);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
            String[] parts = line.split(" ");
            if (parts.length != 3) {
                throw new IOException("the watch of the TAP devices said: " + line);
            }
            heard.add(new Speakers.Heard(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])));
        }
        return heard;
    }
}
