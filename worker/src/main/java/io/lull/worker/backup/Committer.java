package io.lull.worker.backup;

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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits acknowledged epochs into the image, and knows whether a VM may be run from it; all but the status is for the apply
 * thread.
 */
final class Committer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Committer.class);

    private final KeptStore kept;
    private final Images images;
    private final Optional<DiskImage> disk;
    private final RedoBudget budget;
    private final PageWorkers workers;
    private final BackupListener listener;
    private volatile Optional<String> broken = Optional.empty();
    private volatile Freshness freshness;
    /** Written by the apply thread alone. */
    private final AtomicLong appliedPages = new AtomicLong();
    /** Likewise. */
    private final AtomicLong verifiedPages = new AtomicLong();

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
        this.images = new Images(kept, workers, standbys);
        this.disk = disk;
        this.budget = budget;
        this.workers = workers;
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

    /** See {@link Images#resume}. */
    void resume() {
        images.resume();
    }

    /** See {@link Images#prepare}. */
    UUID prepare(Layout layout, long hashSeed, Consumer<Hashes> sink) throws IOException {
        requireWhole();
        return images.prepare(layout, hashSeed, sink);
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
            String todo = FullDisk.advice(e);
            broken = Optional.of(
                    "epoch " + epoch.epoch() + " was acknowledged but cannot be applied: " + e + "; " + todo);
            log.error("This backup is broken; {}", todo, e);
            epoch.leave();
            images.letGo(broken.get());
            return false;
        }
    }

    private void apply(EpochLog epoch) throws IOException {
        CommittedImage current = images.current();
        ImageHashes table = images.hashes();
        Optional<HotStandby> follower = images.follower();
        current.apply(epoch, disk, workers, page -> {
            table.mark(page);
            appliedPages.lazySet(appliedPages.getPlain() + 1);
            if (follower.isPresent() && page < current.ramPages()) {
                follower.get().mark(page);
            }
        });
        Freshness now = freshness.committed();
        kept.committed(epoch.promised(), now);
        images.committed();
        freshness = now;
        listener.committed(epoch.epoch(), epoch.received(), current);
        follower.ifPresent(HotStandby::wake);
    }

    /** Compares the image with digests of an epoch; when this says that it is another, nothing is run from it any more. */
    Verified verify(long epoch, Digest digest) {
        OptionalLong committed = committedEpoch();
        if (broken.isPresent() || images.awaitsNext() || committed.isEmpty() || committed.getAsLong() != epoch) {
            return new Verified(Verified.Result.STALE, 0, 0);
        }
        Verified found = images.hashes().verify(digest);
        if (found.result() == Verified.Result.DIFFERENT) {
            judge(freshness.foundWrong());
        } else {
            verifiedPages.lazySet(verifiedPages.getPlain() + digest.pages());
        }
        return found;
    }

    /** Grows with all that is kept of epochs or applied; from any thread. */
    long steps() {
        return appliedPages.get() + disk.map(DiskImage::steps).orElse(0L) + budget.steps();
    }

    /** Pages of the image that were found to be what the primary said, each as often as it was; from any thread. */
    long verifiedPages() {
        return verifiedPages.get();
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
        return images.committedEpoch();
    }

    Optional<CommittedImage> image() {
        return images.image();
    }

    Optional<HotStandby> standby() {
        return images.standby();
    }

    /** See {@link Images#renewStandby}. */
    void renewStandby() {
        images.renewStandby();
    }

    /** Frees the image; the disk is its owner's. */
    @Override
    public void close() {
        images.close();
    }
}
