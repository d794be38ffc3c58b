package io.lull.bench.faults.check;

import java.nio.charset.StandardCharsets;

/** What redis has logged of its commands. */
public final class AppendOnlyFile {
    private AppendOnlyFile() {}

    /** How many INCR of this key are in the log, which ends where its writer was ended. */
    public static long increments(byte[] log, String key) {
        byte[] command =
                ("*2\r\n$4\r\nINCR\r\n$" + key.length() + "\r\n" + key + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long count = 0;
        for (int at = 0; at + command.length <= log.length; ) {
            if (matches(log, at, command)) {
                count++;
                at += command.length;
            } else {
                at++;
            }
        }
        return count;
    }

    private static boolean matches(byte[] log, int at, byte[] command) {
        for (int i = 0; i < command.length; i++) {
            if (log[at + i] != command[i]) {
                return false;
            }
        }
        return true;
    }
}
