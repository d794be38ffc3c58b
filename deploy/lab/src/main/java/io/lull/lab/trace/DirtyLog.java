package io.lull.lab.trace;

import io.lull.policy.sim.DirtyTrace;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A recorded guest's dirty pages in a file {@code NAME.dirtylog.gz}.
 *
 * <p>gzip, little-endian: {@code DIRTYLOG}, u32 page size, u32 guest pages, u32 nominal interval in ms, u32 snapshots;
 * per snapshot u64 cumulative guest-running nanoseconds, u64 cumulative vCPU nanoseconds, u32 n, and n entries of u32,
 * whose bits 0 to 29 are a page number. Bit 31 (the content changed) is not used: a checkpoint looks at every page
 * written.
 *
 * <p>A file is refused, not repaired: memory is taken for no more than {@value #MAX_ENTRIES} entries.
 */
public final class DirtyLog {
    private static final String SUFFIX = ".dirtylog.gz";
    private static final String MAGIC = "DIRTYLOG";
    private static final int PAGE_MASK = 0x3fffffff;
    private static final int HEADER_BYTES = 24;
    private static final int SNAPSHOT_BYTES = 20;
    private static final int MAX_GUEST_PAGES = 1 << 26;
    private static final int MAX_SNAPSHOTS = 1_000_000;
    private static final long MAX_ENTRIES = 50_000_000;

    private final Path file;
    private final DataInputStream in;
    private long entries;

    private DirtyLog(Path file, DataInputStream in) {
        this.file = file;
        this.in = in;
    }

    /** Reads a whole file; the trace is named for it. An {@link IOException} says in one line what is wrong with it. */
    public static DirtyTrace read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(SUFFIX) || name.length() == SUFFIX.length()) {
            throw new IOException("trace " + file + " is not named NAME" + SUFFIX
                    + " or, if it is what 'lull record' wrote, NAME.lullrec: rename it, or give another file");
        }
        // A gzip stream that is opened on something else throws while the file would stay open: hence two resources.
        try (var bytes = Files.newInputStream(file);
                var in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(bytes)))) {
            return new DirtyLog(file, in).trace(name.substring(0, name.length() - SUFFIX.length()));
        } catch (EOFException e) {
            throw new IOException("trace " + file + " ends too early: copy it again", e);
        } catch (ZipException e) {
            throw new IOException("trace " + file + " is not intact gzip (" + e.getMessage() + "): copy it again", e);
        }
    }

    private DirtyTrace trace(String name) throws IOException {
        ByteBuffer header = next(HEADER_BYTES);
        String magic = new String(header.array(), 0, MAGIC.length(), StandardCharsets.US_ASCII);
        if (!magic.equals(MAGIC)) {
            throw refused("does not begin with " + MAGIC);
        }
        int guestPages = bounded("guest pages", header.getInt(12), MAX_GUEST_PAGES);
        int snapshots = bounded("snapshots", header.getInt(20), MAX_SNAPSHOTS);
        List<Long> vcpuNanos = new ArrayList<>();
        List<int[]> writtenPages = new ArrayList<>();
        BitSet seen = new BitSet();
        for (int i = 0; i < snapshots; i++) {
            ByteBuffer head = next(SNAPSHOT_BYTES);
            vcpuNanos.add(head.getLong(8));
            seen.clear();
            writtenPages.add(pages(i, head.getInt(16), guestPages, seen));
        }
        if (in.read() >= 0) {
            throw refused("goes on after its " + snapshots + " snapshots");
        }
        try {
            return new DirtyTrace(name, vcpuNanos, writtenPages);
        } catch (IllegalArgumentException e) {
            throw new IOException("trace " + file + " is wrong (" + e.getMessage() + "): record it again", e);
        }
    }

    private int[] pages(int snapshot, int count, int guestPages, BitSet seen) throws IOException {
        if (count < 0 || count > guestPages) {
            throw refused("has " + Integer.toUnsignedString(count) + " entries in snapshot " + snapshot + " for "
                    + guestPages + " pages");
        }
        entries += count;
        if (entries > MAX_ENTRIES) {
            throw refused("has more than " + MAX_ENTRIES + " entries");
        }
        int[] pages = new int[count];
        next(count * Integer.BYTES).asIntBuffer().get(pages);
        for (int k = 0; k < count; k++) {
            pages[k] &= PAGE_MASK;
            if (pages[k] >= guestPages || seen.get(pages[k])) {
                throw refused("has page " + pages[k] + (pages[k] >= guestPages ? " of " + guestPages : " twice")
                        + " in snapshot " + snapshot);
            }
            seen.set(pages[k]);
        }
        Arrays.sort(pages);
        return pages;
    }

    private int bounded(String what, int value, int max) throws IOException {
        if (value <= 0 || value > max) {
            throw refused("says " + Integer.toUnsignedString(value) + " " + what + ", possible are 1 to " + max);
        }
        return value;
    }

    private ByteBuffer next(int bytes) throws IOException {
        byte[] read = in.readNBytes(bytes);
        if (read.length < bytes) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
    }

    private IOException refused(String what) {
        return new IOException("trace " + file + " " + what + ": give a file as recorded");
    }
}
