package io.lull.local.oracle;

import io.lull.worker.backup.BackupListener;
import io.lull.worker.backup.CommittedImage;
import io.lull.worker.backup.Received;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import io.lull.worker.primary.CaptureTap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Compares, for each epoch, the committed image with the guest's memory and disk as they were when the guest was paused
 * at that epoch's end: every page of main memory, every byte of the disk.
 *
 * <p>The copies are made inside the pause and compared on the backup's apply thread, while the image holds still.
 */
final class CommitOracle implements CaptureTap, BackupListener, AutoCloseable {
    /** The RAM block's name: the id of the memory backend. */
    private static final String RAM_BLOCK = "ram0";

    private static final int PAGE = PageMemory.PAGE_BYTES;
    /** Epochs that are captured and not yet compared; the capture waits for room. */
    private static final int SNAPSHOTS = 3;

    private static final long ROOM_SECONDS = 20;

    private final BlockingQueue<Snapshot> free = new ArrayBlockingQueue<>(SNAPSHOTS);
    private final Map<Long, Snapshot> taken = new ConcurrentHashMap<>();
    private final Map<Long, Long> spentNanos = new ConcurrentHashMap<>();
    private final FileChannel ramFile;
    private final FileChannel guestDisk;
    private final FileChannel backupDisk;
    private final ByteBuffer guestRam;
    private final ByteBuffer backupCopy;
    private volatile Tally tally = Tally.NONE;
    private volatile Optional<ImageLayout.Block> ramBlock = Optional.empty();
    private volatile Optional<Throwable> broken = Optional.empty();

    CommitOracle(Path ram, Path guestDisk, Path backupDisk) throws IOException {
        this.ramFile = FileChannel.open(ram, StandardOpenOption.READ);
        this.guestRam = ramFile.map(FileChannel.MapMode.READ_ONLY, 0, ramFile.size());
        this.guestDisk = FileChannel.open(guestDisk, StandardOpenOption.READ);
        this.backupDisk = FileChannel.open(backupDisk, StandardOpenOption.READ);
        int diskBytes = Math.toIntExact(this.guestDisk.size());
        this.backupCopy = ByteBuffer.allocateDirect(diskBytes);
        for (int i = 0; i < SNAPSHOTS; i++) {
            free.add(new Snapshot(guestRam.capacity(), diskBytes));
        }
    }

    /** The guest's memory as it is now. */
    ByteBuffer guestRam() {
        return guestRam.duplicate().clear();
    }

    /** Where main memory lies in the image; known from the first commit on. */
    Optional<ImageLayout.Block> ramBlock() {
        return ramBlock;
    }

    @Override
    public void captured(long epoch, StagedPages pages) {
        long begin = System.nanoTime();
        try {
            Snapshot snapshot = free.poll(ROOM_SECONDS, TimeUnit.SECONDS);
            if (snapshot == null) {
                throw new IllegalStateException("no commit for " + ROOM_SECONDS + " s at epoch " + epoch);
            }
            snapshot.take(guestRam, guestDisk);
            taken.put(epoch, snapshot);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        spentNanos.put(epoch, System.nanoTime() - begin);
    }

    @Override
    public void committed(long epoch, Received received, CommittedImage image) {
        try {
            Snapshot snapshot = taken.remove(epoch);
            if (snapshot == null) {
                throw new IllegalStateException("epoch " + epoch + " was committed, but never captured");
            }
            tally = tally.with(epoch, comparePages(snapshot, image), compareBlocks(snapshot));
            free.add(snapshot);
        } catch (IOException | RuntimeException e) {
            broken = Optional.of(e);
        }
    }

    private Tally.Compared comparePages(Snapshot snapshot, CommittedImage image) {
        ImageLayout.Block block = image.imageLayout().block(RAM_BLOCK).orElseThrow();
        ramBlock = Optional.of(block);
        if (block.byteLength() != guestRam.capacity()) {
            throw new IllegalStateException("block " + block + ", but the guest has " + guestRam.capacity() + " bytes");
        }
        int stale = 0;
        for (int i = 0; i < block.pages(); i++) {
            if (image.memory().view(block.firstPage() + i).mismatch(snapshot.ramPage(i, PAGE)) >= 0) {
                stale++;
            }
        }
        return new Tally.Compared(block.pages(), stale);
    }

    private Tally.Compared compareBlocks(Snapshot snapshot) throws IOException {
        if (backupDisk.size() != guestDisk.size()) {
            throw new IllegalStateException(
                    "the backup's disk has " + backupDisk.size() + " bytes, the guest's " + guestDisk.size());
        }
        Snapshot.read(backupDisk, backupCopy);
        int blocks = backupCopy.capacity() / PAGE;
        int differing = 0;
        for (int i = 0; i < blocks; i++) {
            if (backupCopy.slice(i * PAGE, PAGE).mismatch(snapshot.diskBlock(i, PAGE)) >= 0) {
                differing++;
            }
        }
        return new Tally.Compared(blocks, differing);
    }

    /** What was found so far; an oracle that could not compare is an error. */
    Tally tally() throws IOException {
        if (broken.isPresent()) {
            throw new IOException("the oracle itself failed", broken.get());
        }
        return tally;
    }

    /** How much of an epoch's pause was this oracle's. */
    long spentNanos(long epoch) {
        return spentNanos.getOrDefault(epoch, 0L);
    }

    @Override
    public void close() throws IOException {
        ramFile.close();
        guestDisk.close();
        backupDisk.close();
    }
}
