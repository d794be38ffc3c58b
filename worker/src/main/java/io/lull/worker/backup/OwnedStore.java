package io.lull.worker.backup;

import io.lull.policy.VmId;
import io.lull.worker.fence.Fence;
import io.lull.worker.fence.FenceException;
import io.lull.worker.page.PageWorkers;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a backup, which no other backup uses meanwhile: the image's folder, and the disk's copy unless the VM was
 * taken over already. Then the copy is the VM's own.
 */
final class OwnedStore implements AutoCloseable {
    static final String LOCK = "lock";

    private static final Logger log = LoggerFactory.getLogger(OwnedStore.class);

    private final Path directory;
    private final StoreLock lock;
    private final TakeoverMarker marker;
    private final boolean marked;
    private final boolean takenOver;
    private final boolean cutOff;
    private final Optional<DiskImage> disk;

    /**
     * Opens and locks.
     *
     * @param fence asked whether a VM that was taken over here is another's by now
     * @param launcher asked to end standbys that hold the disk, and were not told to run
     * @throws IOException when a file can't be opened or is another backup's; nothing stays open
     */
    OwnedStore(VmId vm, BackupOptions.Store store, Optional<Fence> fence, Optional<StandbyLauncher> launcher)
            throws IOException {
        this.directory = store.directory();
        this.marker = TakeoverMarker.of(store);
        this.lock = StoreLock.create(directory.resolve(LOCK), StandardOpenOption.WRITE);
        Optional<DiskImage> opened = Optional.empty();
        try {
            this.marked = marker.exists();
            Optional<String> successor = marked ? successor(fence) : Optional.empty();
            Optional<CommitState> notRun = LeftBehind.notRun(directory.resolve(CommitStateFile.NAME), vm);
            this.cutOff = notRun.flatMap(CommitState::claimant).isPresent()
                    && fence.filter(Fence::isShared).isPresent();
            this.takenOver = marked && successor.isEmpty() && !cutOff;
            if (notRun.isPresent() && !takenOver && launcher.isPresent()) {
                endLoaded(launcher.get());
            }
            opened = takenOver || store.disk().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new DiskImage(store.disk().get(), store.syncDisk()));
            if (successor.isPresent()) {
                log.info(
                        "The VM that was taken over here is another's by now: {}; {} goes",
                        successor.get(),
                        marker.file());
                marker.remove();
            }
            this.disk = opened;
        } catch (IOException | RuntimeException e) {
            letGo(opened, lock);
            throw e;
        }
    }

    private static void letGo(Optional<DiskImage> disk, StoreLock lock) throws IOException {
        try {
            if (disk.isPresent()) {
                disk.get().close();
            }
        } finally {
            lock.close();
        }
    }

    private static void endLoaded(StandbyLauncher launcher) throws IOException {
        try {
            launcher.endLoaded();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the standbys of an earlier process were ended", e);
        }
    }

    /** Who has the VM that was taken over here, as far as the fence says that somebody else has it. */
    private Optional<String> successor(Optional<Fence> fence) throws IOException {
        Optional<Taking> taking = marker.taking();
        if (taking.isEmpty() || fence.isEmpty()) {
            return Optional.empty();
        }
        try {
            return taking.get().successor(fence.get().look());
        } catch (FenceException e) {
            log.error("Whether the VM that was taken over here is another's by now isn't known: {}", e.getMessage());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the fence was asked", e);
        }
    }

    /**
     * Takes up what an earlier process left.
     *
     * @throws IOException as {@link KeptStore#open}
     */
    KeptStore kept(VmId vm, SlabPool slabs, PageWorkers workers) throws IOException {
        return KeptStore.open(new KeptPlace(directory, vm, disk), note(), slabs, workers);
    }

    private Resumption.Note note() {
        if (takenOver) {
            return Resumption.Note.STANDS;
        }
        return marked && !cutOff ? Resumption.Note.OVERTAKEN : Resumption.Note.NONE;
    }

    TakeoverMarker marker() {
        return marker;
    }

    /** Whether an earlier process took the VM over. */
    boolean takenOver() {
        return takenOver;
    }

    /** Whether it may have begun to, but the VM was not told to run: then this process is to go on with that. */
    boolean cutOff() {
        return cutOff;
    }

    /**
     * Where an earlier process left its takeover, if it had begun one.
     *
     * @param claimant as whom this process can go on with it; empty when it can't
     */
    Failover.State takeover(Optional<UUID> claimant) {
        if (claimant.isPresent()) {
            return Failover.State.UNDECIDED;
        }
        return takenOver || cutOff && marker.exists() ? Failover.State.TAKEN_OVER : Failover.State.STANDBY;
    }

    /** The takeover that stands in the way of serving a primary, as far as it is known which. */
    Optional<Taking> standing(Failover.State takeover) throws IOException {
        return takeover == Failover.State.TAKEN_OVER ? marker.taking() : Optional.empty();
    }

    Optional<DiskImage> disk() {
        return disk;
    }

    OptionalLong diskBytes() {
        return disk.isPresent() ? OptionalLong.of(disk.get().bytes()) : OptionalLong.empty();
    }

    /** Who writes to the disk's copy; empty while nobody but this backup may. */
    Optional<String> diskInUse() {
        return disk.flatMap(DiskImage::inUse);
    }

    @Override
    public void close() throws IOException {
        letGo(disk, lock);
    }
}
