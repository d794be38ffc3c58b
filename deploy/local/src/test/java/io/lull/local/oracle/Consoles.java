package io.lull.local.oracle;

import io.lull.local.GuestSpec.Seat;
import io.lull.local.ManagedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** Reads what guests have printed on their consoles. */
final class Consoles {
    private Consoles() {}

    static String text(Seat seat) throws IOException {
        return Files.exists(seat.console()) ? Files.readString(seat.console(), StandardCharsets.ISO_8859_1) : "";
    }

    /** Whether the guest has booted and its workloads run; a QEMU that ended is an error. */
    static boolean isReady(Seat seat, ManagedProcess qemu) throws IOException {
        if (!qemu.alive()) {
            throw new IOException("QEMU ended: " + qemu.tail(5));
        }
        String console = text(seat);
        return console.contains("READY ") && console.contains("INTEGRITY ");
    }

    /** How many full passes over its pages a thread of the integrity workload has found right. */
    static long checks(Seat seat, int thread) throws IOException {
        return text(seat)
                .lines()
                .filter(line -> line.startsWith("CHECK thread=" + thread + " "))
                .count();
    }
}
