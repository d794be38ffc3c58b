package io.lull.worker.backup;

import io.lull.policy.VmId;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.DiskZero;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** What an earlier process of a backup left in its folder, read and checked, and not touched. */
final class LeftBehind implements AutoCloseable {
    private final KeptPlace place;
    private final Map<Path, ImageTag> images = new HashMap<>();
    private final List<String> untagged = new ArrayList<>();
    private final List<RedoSlot> slots = new ArrayList<>();
    private final List<EpochLog> epochs = new ArrayList<>();
    private final Map<RedoSeal, EpochLog> promised = new HashMap<>();
    private Optional<CommitState> state = Optional.empty();
    private Optional<String> unreadable = Optional.empty();

    private LeftBehind(KeptPlace place) {
        this.place = place;
    }

    /**
     * All that is in a place.
     *
     * @param index how much heap the index of an epoch's records may take: of one at a time, however many there are
     */
    static LeftBehind in(KeptPlace place, IndexStock index) throws IOException {
        LeftBehind left = new LeftBehind(place);
        try {
            left.readState();
            left.readImages();
            left.readSlots(index);
        } catch (IOException | RuntimeException e) {
            left.close();
            throw e;
        }
        return left;
    }

    /** The state of a place in which an earlier process since this boot has an image of a VM, from which none was told to run. */
    static Optional<CommitState> notRun(Path stateFile, VmId vm) throws IOException {
        if (!Files.exists(stateFile)) {
            return Optional.empty();
        }
        try (CommitStateFile file = CommitStateFile.open(stateFile)) {
            return file.read()
                    .filter(state -> state.vm().equals(vm) && state.image().isPresent())
                    .filter(state -> Optional.of(state.bootId()).equals(KeptStore.bootId()));
        } catch (UnreadableException e) {
            return Optional.empty();
        }
    }

    private void readState() throws IOException {
        if (Files.exists(place.stateFile())) {
            try (CommitStateFile file = CommitStateFile.open(place.stateFile())) {
                state = file.read();
            } catch (UnreadableException e) {
                unreadable = Optional.of(String.valueOf(e.getMessage()));
            }
        }
    }

    private void readImages() throws IOException {
        for (Path file : place.imageFiles()) {
            if (Files.exists(file)) {
                try {
                    images.put(file, ImageTag.read(file));
                } catch (UnreadableException e) {
                    untagged.add(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private void readSlots(IndexStock index) throws IOException {
        ByteBuffer scratch = ByteBuffer.allocateDirect(FrameHeader.MAX_BODY_BYTES);
        for (Path file : slotFiles(place.directory())) {
            RedoSlot slot = RedoSlot.left(file);
            slots.add(slot);
            try {
                Optional<EpochLog> left = EpochLog.left(slot, scratch, index);
                left.ifPresent(epoch -> {
                    epochs.add(epoch);
                    promised.put(epoch.promised(), epoch);
                    epoch.dropIndex();
                });
            } catch (UnreadableException e) {
                unreadable = Optional.of(String.valueOf(e.getMessage()));
            }
            // There may be more than a process may have open.
            slot.rest();
        }
    }

    private static List<Path> slotFiles(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, RedoSlots::isSlot)) {
            all.forEach(files::add);
        }
        return files;
    }

    static void removeSlots(Path directory) throws IOException {
        for (Path file : slotFiles(directory)) {
            Files.deleteIfExists(file);
        }
    }

    Resumption.Found found(Optional<String> bootId, Resumption.Note note) throws IOException {
        Optional<DiskStamp> disk = place.diskNow();
        if (unreadable.isEmpty() && state.isPresent() && place.disk().isPresent() && disk.isEmpty()) {
            unreadable =
                    Optional.of("whether anybody wrote to the disk's copy since can't be told: it is no regular file");
        }
        return new Resumption.Found(
                place.vm(),
                bootId,
                note,
                unreadable,
                state,
                List.copyOf(images.values()),
                untagged,
                epochs.stream().map(EpochLog::promised).toList(),
                disk,
                changedOnDisk());
    }

    /** Where no promise writes to, the disk must hold what was written to it last, whatever of the promises it has. */
    private List<DiskSample> changedOnDisk() throws IOException {
        if (state.isEmpty() || place.disk().isEmpty()) {
            return List.of();
        }
        DiskTrace trace = new DiskTrace(state.get().written());
        for (EpochLog epoch : epochs) {
            if (epoch.promised().number() > state.get().applied()) {
                awake(
                        epoch,
                        () -> epoch.forEachOnDisk((type, body) -> {
                            if (type == FrameType.DISK_WRITE) {
                                trace.isUnknown(DiskWrite.decode(body));
                            } else {
                                trace.isUnknown(DiskZero.decode(body));
                            }
                        }));
            }
        }
        return place.disk().get().changed(trace.samples());
    }

    CommitState state() {
        return state.orElseThrow();
    }

    /** Reads an epoch's slot. */
    private interface Reading {
        void read() throws IOException;
    }

    private static void awake(EpochLog epoch, Reading reading) throws IOException {
        epoch.wake();
        try {
            reading.read();
        } finally {
            epoch.dropIndex();
            epoch.rest();
        }
    }

    /** Applies what was promised to an image. */
    void redo(RedoSeal promise, CommittedImage image, PageWorkers workers) throws IOException {
        EpochLog epoch = Objects.requireNonNull(promised.get(promise));
        awake(epoch, () -> image.apply(epoch, place.disk(), workers, page -> {}));
    }

    /** The file of an image. */
    Path file(UUID image) {
        return images.entrySet().stream()
                .filter(entry -> entry.getValue().id().equals(image))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    CommittedImage open(UUID image) throws IOException {
        Path file = file(image);
        return CommittedImage.open(file, Objects.requireNonNull(images.get(file)));
    }

    @Override
    public void close() throws IOException {
        for (RedoSlot slot : slots) {
            slot.close();
        }
    }
}
