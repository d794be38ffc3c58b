package io.lull.local.fault;

import io.lull.worker.page.PageMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file of a backup's image while the backup uses it, in which a test flips a bit as a bad memory would. */
final class SpoiledImage {
    private static final int PAGE = PageMemory.PAGE_BYTES;
    private static final Pattern SLICE = Pattern.compile("pages (\\d+) to (\\d+) differ");

    private final Path file;

    private SpoiledImage(Path file) {
        this.file = file;
    }

    static SpoiledImage of(Path file) {
        return new SpoiledImage(file);
    }

    /**
     * What was flipped.
     *
     * @param offset of the byte in the file, whose pages lie in order from its begin
     * @param right what the byte was before
     */
    record Flip(long offset, byte right) {
        int page() {
            return (int) (offset / PAGE);
        }

        /** Whether the pages that an event of a failed verification names are those of this flip, among others. */
        boolean liesIn(String detail) {
            Matcher slice = SLICE.matcher(detail);
            return slice.find()
                    && page() >= Integer.parseInt(slice.group(1))
                    && page() <= Integer.parseInt(slice.group(2));
        }
    }

    /** Lets epochs be committed. */
    interface Meanwhile {
        void pass() throws IOException;
    }

    /** Flips a bit in a page that holds something and that nobody writes meanwhile: the guest would else make it right itself. */
    Flip flipInAQuietPage(Meanwhile meanwhile) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // The first half: the device state and the tag are at the end.
            int pages = (int) (channel.size() / PAGE / 2);
            byte[][] before = new byte[pages][];
            for (int page = 0; page < pages; page++) {
                before[page] = read(channel, (long) page * PAGE, PAGE);
            }
            meanwhile.pass();
            byte[] zero = new byte[PAGE];
            for (int page = pages - 1; page >= 0; page--) {
                long at = (long) page * PAGE;
                if (!Arrays.equals(before[page], zero) && Arrays.equals(before[page], read(channel, at, PAGE))) {
                    byte right = before[page][PAGE / 2];
                    channel.write(ByteBuffer.wrap(new byte[] {(byte) (right ^ 1)}), at + PAGE / 2);
                    return new Flip(at + PAGE / 2, right);
                }
            }
        }
        throw new IOException("each of the image's pages is zero or was written meanwhile: " + file);
    }

    byte byteAt(long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel, offset, 1)[0];
        }
    }

    private static byte[] read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new IOException("the image ends before byte " + (offset + length));
            }
        }
        return bytes.array();
    }
}
