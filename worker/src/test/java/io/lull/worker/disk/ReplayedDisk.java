package io.lull.worker.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps the records and, epoch by epoch, makes a disk of them, as the backup would. */
final class ReplayedDisk implements DiskSink {
    private static final byte[] ZERO = new byte[0];

    private final List<Entry> entries = new ArrayList<>();
    private final byte[] image;

    /** A write, or with no data a zero record. */
    record Entry(long epoch, long offset, long length, byte[] data) {
        boolean isZero() {
            return data.length == 0;
        }
    }

    ReplayedDisk(int bytes) {
        image = new byte[bytes];
        // Whatever is not written must show.
        Arrays.fill(image, (byte) 0xee);
    }

    @Override
    public synchronized void write(long epoch, long offset, ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        entries.add(new Entry(epoch, offset, bytes.length, bytes));
    }

    @Override
    public synchronized void zero(long epoch, long offset, long length) {
        entries.add(new Entry(epoch, offset, length, ZERO));
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Applies the records of an epoch, and returns them. */
    synchronized List<Entry> commit(long epoch) {
        List<Entry> committed = new ArrayList<>();
        while (!entries.isEmpty() && entries.get(0).epoch() <= epoch) {
            Entry entry = entries.remove(0);
            int offset = Math.toIntExact(entry.offset());
            if (entry.isZero()) {
                Arrays.fill(image, offset, Math.toIntExact(entry.offset() + entry.length()), (byte) 0);
            } else {
                System.arraycopy(entry.data(), 0, image, offset, entry.data().length);
            }
            committed.add(entry);
        }
        return committed;
    }

    synchronized byte[] image() {
        return image.clone();
    }
}
