package io.lull.worker.backup;

import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The image, the promised epochs and what is known of them, in files that outlive the process of a backup. For the apply thread,
 * but for {@link #slots}.
 *
 * <p>The order of an epoch's life, each step in the kernel's page cache before the next begins:
 *
 * <pre>
 *  records in a slot ─▶ slot sealed ─▶ ACK ─▶ applied to image and disk ─▶ state says so ─▶ slot free
 * </pre>
 *
 * <p>{@link Resumption} says what is made of it after a crash at any of these.
 */
final class KeptStore implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeptStore.class);
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final KeptPlace place;
    private final CommitStateFile file;
    private final RedoSlots slots;
    private final Optional<CommittedImage> resumed;
    private CommitState state;
    private boolean forgotten;

    private KeptStore(
            KeptPlace place,
            CommitStateFile file,
            CommitState state,
            SlabPool slabs,
            Optional<CommittedImage> resumed) {
        this.place = place;
        this.file = file;
        this.state = state;
        this.slots = new RedoSlots(place.directory(), slabs, place.diskBytesInFolder(), state.store(), state.applied());
        this.resumed = resumed;
    }

    /**
     * Takes up what an earlier process left, as far as {@link Resumption} allows, and removes what it doesn't.
     *
     * @param note that of a takeover
     * @param slabs what may be mapped of the slots
     * @throws IOException when a file can't be made, an acknowledged epoch can't be redone, or what is there is another VM's or
     *     another disk's: nothing is lost then
     */
    static KeptStore open(KeptPlace place, Resumption.Note note, SlabPool slabs, PageWorkers workers)
            throws IOException {
        Optional<String> bootId = bootId();
        Resumption.Verdict verdict;
        try (LeftBehind left = LeftBehind.in(place, IndexStock.ofThisProcess())) {
            verdict = Resumption.decide(left.found(bootId, note));
            switch (verdict.decision()) {
                case RESUME -> {
                    return resumed(place, left, verdict, slabs, workers);
                }
                case LEFT -> {
                    return untouched(place, left, verdict, slabs);
                }
                case REFUSED ->
                    throw new IOException("what is in " + place.directory() + " can't be gone on with: " + verdict.why()
                            + "; give it back what it belongs to, or remove " + place.stateFile()
                            + " to begin without it");
                case NOTHING, ABSENT -> {}
            }
        } catch (UnreadableException e) {
            verdict = new Resumption.Verdict(
                    Resumption.Decision.ABSENT, String.valueOf(e.getMessage()), Optional.empty(), List.of());
        }
        if (verdict.decision() == Resumption.Decision.ABSENT) {
            log.error(
                    "What an earlier backup of {} left in {} is of no use and is removed: {}. The VM can't be run from here"
                            + " before the next commit",
                    place.vm(),
                    place.directory(),
                    verdict.why());
        }
        return empty(place, bootId, slabs);
    }

    /** For a backup that serves nobody: nothing is written, and a process without the note takes it up. */
    private static KeptStore untouched(KeptPlace place, LeftBehind left, Resumption.Verdict verdict, SlabPool slabs)
            throws IOException {
        log.error(
                "{}: what is in {} stays. If the VM runs nowhere, remove the note, and a backup that is started then can take over"
                        + " from it",
                verdict.why(),
                place.directory());
        KeptStore kept =
                new KeptStore(place, CommitStateFile.open(place.stateFile()), left.state(), slabs, Optional.empty());
        kept.forgotten = true;
        return kept;
    }

    private static KeptStore empty(KeptPlace place, Optional<String> bootId, SlabPool slabs) throws IOException {
        Files.deleteIfExists(place.stateFile());
        for (Path image : place.imageFiles()) {
            Files.deleteIfExists(image);
        }
        LeftBehind.removeSlots(place.directory());
        CommitState state = CommitState.empty(UUID.randomUUID(), place.vm(), bootId.orElse(""));
        CommitStateFile file = CommitStateFile.open(place.stateFile());
        file.write(state);
        return new KeptStore(place, file, state, slabs, Optional.empty());
    }

    private static KeptStore resumed(
            KeptPlace place, LeftBehind left, Resumption.Verdict verdict, SlabPool slabs, PageWorkers workers)
            throws IOException {
        CommitState state = left.state();
        CommittedImage image = left.open(verdict.image().orElseThrow());
        try {
            state.image().filter(known -> known.id().equals(image.id())).ifPresent(image::isOf);
            List<DiskSample> written = state.written();
            place.disk().ifPresent(disk -> disk.wasWritten(written));
            for (RedoSeal promise : verdict.redo()) {
                left.redo(promise, image, workers);
                state = state.with(
                        promise,
                        place.diskNow(),
                        place.written(),
                        state.freshness().committed());
            }
            state = state.with(state.freshness().resumed());
        } catch (UnreadableException e) {
            image.close();
            throw e;
        } catch (IOException e) {
            image.close();
            throw new IOException(
                    "an epoch that was acknowledged can't be applied: " + e.getMessage() + "; "
                            + FullDisk.advice(e) + ". Only if it can't be had back, remove " + place.stateFile()
                            + ": this backup then begins with nothing, and what it has acknowledged is lost",
                    e);
        } catch (RuntimeException | Error e) {
            // A bug, or a file system without a page for a mapping: either way it is all still there.
            image.close();
            throw e;
        }
        CommitStateFile file = CommitStateFile.open(place.stateFile());
        file.write(state);
        LeftBehind.removeSlots(place.directory());
        keepOnly(place, left.file(image.id()));
        log.info(
                "Backup of {} resumes from epoch {}, {} epochs of it redone from its log",
                place.vm(),
                image.committedEpoch().getAsLong(),
                verdict.redo().size());
        return new KeptStore(place, file, state, slabs, Optional.of(image));
    }

    private static void keepOnly(KeptPlace place, Path image) throws IOException {
        if (!image.equals(place.imageFile())) {
            Files.move(image, place.imageFile(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.deleteIfExists(place.nextImageFile());
    }

    /** Empty where it isn't known: then nothing is taken up. */
    static Optional<String> bootId() {
        try {
            return Optional.of(
                    Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            log.warn("This kernel's boot id isn't known, so nothing outlives this process: {}", e.toString());
            return Optional.empty();
        }
    }

    /** For redo logs; from any thread. */
    RedoSlots slots() {
        return slots;
    }

    /** The image of an earlier process, at its last acknowledged epoch; the caller closes it. */
    Optional<CommittedImage> resumed() {
        return resumed;
    }

    /** As it was kept last. */
    Freshness freshness() {
        return state.freshness();
    }

    /** A new image in the place of one that has no commit, or is given up. */
    CommittedImage createImage(Layout layout) throws IOException {
        write(state.before(place.diskNow()));
        return CommittedImage.create(place.imageFile(), newTag(layout), 0);
    }

    /** A new image beside the one that counts, where a whole first epoch has room as well: else it would never come to that. */
    CommittedImage createNextImage(Layout layout) throws IOException {
        ImageTag tag = newTag(layout);
        long firstEpochBytes =
                tag.pageBytes() + place.disk().map(DiskImage::bytes).orElse(0L);
        return CommittedImage.create(place.nextImageFile(), tag, firstEpochBytes);
    }

    private ImageTag newTag(Layout layout) {
        return new ImageTag(UUID.randomUUID(), place.vm(), layout);
    }

    /** Removes the image beside the one that counts, whose pages take up room though they are zero. */
    void dropNextImage() throws IOException {
        Files.deleteIfExists(place.nextImageFile());
    }

    /** The image beside the one that counted has a commit: the other's file goes. */
    void nextImageCounts() throws IOException {
        keepOnly(place, place.nextImageFile());
    }

    /** An epoch is in the image; from now on its slot isn't needed. */
    void committed(RedoSeal promise, Freshness freshness) throws IOException {
        write(state.with(promise, place.diskNow(), place.written(), freshness));
    }

    /** What is known of the primary's output has changed. */
    void judged(Freshness freshness) {
        write(state.with(freshness));
    }

    /** As whom an earlier process claimed the VM for a takeover that was cut off before the VM was told to run; empty when none was. */
    Optional<UUID> claimant() {
        return resumed.isPresent() ? state.claimant() : Optional.empty();
    }

    /** When this returns, a later process knows as whom this one claims the VM; empty when it doesn't any more. */
    void claimed(Optional<UUID> by) {
        if (!state.claimant().equals(by)) {
            write(state.claimedBy(by));
        }
    }

    /** Nothing is ever resumed from what is here now: the VM goes its own way. */
    void forget() {
        write(state.withoutImage());
        forgotten = true;
    }

    private void write(CommitState next) {
        if (!forgotten) {
            state = next;
            file.write(next);
        }
    }

    /** The files stay, but for slots that nothing is promised in. */
    @Override
    public void close() {
        slots.close();
        file.close();
    }
}
