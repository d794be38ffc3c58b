package io.lull.lab.trace;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** A dirty log that is put together number by number, right or wrong. */
final class TestLog {
    private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    static TestLog of(int guestPages, int snapshots) {
        return new TestLog("DIRTYLOG", guestPages, snapshots);
    }

    TestLog(String magic, int guestPages, int snapshots) {
        bytes.put(magic.getBytes(StandardCharsets.US_ASCII));
        bytes.putInt(4096).putInt(guestPages).putInt(50).putInt(snapshots);
    }

    TestLog snapshot(long vcpuNanos, int... entries) {
        return counted(vcpuNanos, entries.length, entries);
    }

    TestLog counted(long vcpuNanos, int count, int... entries) {
        bytes.putLong(2 * vcpuNanos).putLong(vcpuNanos).putInt(count);
        for (int entry : entries) {
            bytes.putInt(entry);
        }
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    Path in(Path folder) throws IOException {
        return compressed(folder, bytes());
    }

    static Path compressed(Path folder, byte[] content) throws IOException {
        Path file = folder.resolve("guest.dirtylog.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(content);
        }
        return file;
    }
}
