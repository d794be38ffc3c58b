package io.lull.worker.backup;

import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.Hashes;
import io.lull.worker.protocol.Hello;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.Verified;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the committed image with its hashes, its disk and its standby; all but the status is for the apply thread.
 *
 * <p>A primary that comes back with another layout gets a new image. The old one and its standby stay what a takeover starts
 * from until the new one's first commit, if there is room for both.
 */
final class Committer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Committer.class);

    private final KeptStore kept;
    private final Optional<DiskImage> disk;
    private final RedoBudget budget;
    private final PageWorkers workers;
    private final Function<CommittedImage, Optional<HotStandby>> standbys;
    private final BackupListener listener;
    private volatile Optional<CommittedImage> image = Optional.empty();
    /** Of another layout, before its first commit. */
    private Optional<CommittedImage> next = Optional.empty();

    private volatile Optional<HotStandby> standby = Optional.empty();
    private volatile Optional<String> broken = Optional.empty();
    private volatile Freshness freshness;
    /** Of the image that epochs are applied to. */
    private Optional<ImageHashes> hashes = Optional.empty();

    /**
     * Nothing is prepared yet, but an image that was resumed is there.
     *
     * @param kept where the images are, and what is known of them
     */
    Committer(
            KeptStore kept,
            Optional<DiskImage> disk,
            RedoBudget budget,
            PageWorkers workers,
            Function<CommittedImage, Optional<HotStandby>> standbys,
            BackupListener listener) {
        this.kept = kept;
        this.freshness = kept.freshness();
        this.image = kept.resumed();
        this.disk = disk;
        this.budget = budget;
        this.workers = workers;
        this.standbys = standbys;
        this.listener = listener;
    }

    /** Takes a primary's greeting in; the epoch that the VM would be resumed from, empty before the first. */
    OptionalLong greeted(Hello hello) throws IOException {
        requireWhole();
        judge(freshness.greeted(hello, committedEpoch()));
        return committedEpoch();
    }

    private void judge(Freshness now) {
        kept.judged(now);
        freshness = now;
    }

    /**
     * Whether all that was acknowledged is in the image.
     *
     * @throws IOException when it isn't: then nothing of it may change before a later process has redone what is promised
     */
    void requireWhole() throws IOException {
        if (broken.isPresent()) {
            throw new IOException(broken.get());
        }
    }

    /** The primary ended its session in peace. */
    void tookLeave(String why) {
        judge(freshness.tookLeave(why));
    }

    /** See {@link Freshness#quoted}. */
    Set<UUID> sessions() {
        return freshness.quoted();
    }

    /** Gives an image that was resumed its standby. */
    void resume() {
        standby = image.flatMap(standbys);
    }

    /**
     * Makes the image fit a primary's layout, keeping it when it does already, and hands out its hashes.
     *
     * @return which image epochs are applied to from now on
     */
    UUID prepare(Layout layout, long hashSeed, Consumer<Hashes> sink) throws IOException {
        requireWhole();
        CommittedImage fitting = imageOf(layout);
        PageMemory pages = fitting.memory();
        if (hashes.isEmpty() || !hashes.get().isOf(pages, hashSeed)) {
            dropHashes();
            hashes = Optional.of(new ImageHashes(pages, hashSeed, workers));
        }
        standby.ifPresent(HotStandby::newBudget);
        hashes.get().export(sink);
        return fitting.id();
    }

    private CommittedImage imageOf(Layout layout) throws IOException {
        if (next.isPresent() && next.get().layout().equals(layout)) {
            return next.get();
        }
        dropNext();
        if (image.isPresent() && image.get().layout().equals(layout)) {
            return image.get();
        }
        return committedEpoch().isPresent() ? besides(layout) : instead(layout);
    }

    private CommittedImage instead(Layout layout) throws IOException {
        dropImage();
        CommittedImage created = kept.createImage(layout);
        image = Optional.of(created);
        standby = standbys.apply(created);
        return created;
    }

    private CommittedImage besides(Layout layout) throws IOException {
        try {
            next = Optional.of(kept.createNextImage(layout));
        } catch (IOException e) {
            log.warn("New layout, and no room for two images; that of epoch {} is dropped", committedEpoch(), e);
            return instead(layout);
        }
        log.info("New layout: the image of epoch {} is kept until the first commit", committedEpoch());
        return next.get();
    }

    /**
     * Applies an acknowledged epoch; when that fails, the image is torn and nothing may be built on it before a later process
     * has redone what stays promised. This one lets go of all that it had for it: others may share the process.
     */
    void commit(EpochLog epoch) {
        try {
            if (isApplied(epoch)) {
                epoch.close();
            }
        } finally {
            // Not earlier: who waits for its bytes may wait for the room of its slot.
            budget.give(epoch.bytes());
        }
    }

    private boolean isApplied(EpochLog epoch) {
        try {
            if (broken.isPresent()) {
                epoch.leave();
                return false;
            }
            epoch.wake();
            apply(epoch);
            return true;
        } catch (IOException | RuntimeException | Error e) {
            broken = Optional.of("epoch " + epoch.epoch() + " was acknowledged but cannot be applied: " + e);
            log.error("The backup is broken: restart it, after making room on its disks", e);
            epoch.leave();
            letGo(broken.get());
            return false;
        }
    }

    /** The standby first, whose thread reads the image. What is known of the image stays, and so do the files. */
    private void letGo(String why) {
        try {
            standby.ifPresent(HotStandby::close);
            dropHashes();
            next.ifPresent(CommittedImage::close);
            image.ifPresent(CommittedImage::close);
            kept.slots().close(why);
        } catch (RuntimeException | Error e) {
            log.error("Bug: not all of a broken backup is let go of", e);
        }
    }

    private void apply(EpochLog epoch) throws IOException {
        CommittedImage current = next.or(() -> image).orElseThrow();
        ImageHashes table = hashes.orElseThrow();
        Optional<HotStandby> follower = next.isPresent() ? Optional.empty() : standby;
        current.apply(epoch, disk, workers, page -> {
            table.mark(page);
            if (follower.isPresent() && page < current.ramPages()) {
                follower.get().mark(page);
            }
        });
        Freshness now = freshness.committed();
        kept.committed(epoch.promised(), now);
        if (next.isPresent()) {
            succeed(current);
        }
        freshness = now;
        listener.committed(epoch.epoch(), epoch.received(), current);
        follower.ifPresent(HotStandby::wake);
    }

    /** Its first epoch makes the new image the one that counts; no process holds anything of the old one from here on. */
    private void succeed(CommittedImage committed) throws IOException {
        kept.nextImageCounts();
        standby.ifPresent(HotStandby::close);
        image.ifPresent(CommittedImage::close);
        image = Optional.of(committed);
        next = Optional.empty();
        standby = standbys.apply(committed);
    }

    /** Compares the image with digests of an epoch; when this says that it is another, nothing is run from it any more. */
    Verified verify(long epoch, Digest digest) {
        OptionalLong committed = committedEpoch();
        if (broken.isPresent() || next.isPresent() || committed.isEmpty() || committed.getAsLong() != epoch) {
            return new Verified(Verified.Result.STALE, 0, 0);
        }
        Verified found = hashes.orElseThrow().verify(digest);
        if (found.result() == Verified.Result.DIFFERENT) {
            judge(freshness.foundWrong());
        }
        return found;
    }

    /** Why the image can't be used any more, empty while all is well. */
    Optional<String> broken() {
        return broken;
    }

    /** What a takeover would start from; from any thread. */
    FailoverRule.Basis basis() {
        return freshness.basis(committedEpoch(), broken);
    }

    OptionalLong committedEpoch() {
        return image.map(CommittedImage::committedEpoch).orElse(OptionalLong.empty());
    }

    Optional<CommittedImage> image() {
        return image;
    }

    Optional<HotStandby> standby() {
        return standby;
    }

    /**
     * Puts a standby in the place of one that was sent its device state for a takeover which wasn't granted.
     *
     * @throws IllegalStateException when the old process isn't known to be gone
     */
    void renewStandby() {
        standby.ifPresent(HotStandby::withdraw);
        standby = image.flatMap(standbys);
    }

    private void dropImage() {
        standby.ifPresent(HotStandby::close);
        standby = Optional.empty();
        dropHashes();
        image.ifPresent(CommittedImage::close);
        image = Optional.empty();
    }

    private void dropNext() throws IOException {
        if (next.isPresent()) {
            dropHashes();
            next.get().close();
            next = Optional.empty();
            kept.dropNextImage();
        }
    }

    private void dropHashes() {
        hashes.ifPresent(ImageHashes::close);
        hashes = Optional.empty();
    }

    /** Frees the image; the disk is its owner's. */
    @Override
    public void close() {
        next.ifPresent(CommittedImage::close);
        next = Optional.empty();
        dropImage();
    }
}
