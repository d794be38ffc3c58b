package io.lull.worker.backup;

import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Hashes;
import io.lull.worker.protocol.Layout;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which images of a VM there are, with their hashes and standby; all but what a status shows is for the apply thread.
 *
 * <pre>
 *   none --layout--&gt; image --another layout--&gt; image, and next beside it --next's first commit--&gt; next is the image
 *                      |                              |        |
 *                      |                              |        +--a third layout--&gt; image, and a new next beside it
 *                      |                              +--the image's layout--&gt; image
 *                      +--another layout, no room for both or nothing committed--&gt; a new image instead
 * </pre>
 *
 * <p>A primary that comes back with another layout gets a new image. The old one and its standby stay what a takeover starts
 * from until the new one's first commit, if there is room for both.
 */
final class Images implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Images.class);

    private final KeptStore kept;
    private final PageWorkers workers;
    private final Function<CommittedImage, Optional<HotStandby>> standbys;
    private volatile Optional<CommittedImage> image;
    /** Of another layout, before its first commit. */
    private Optional<CommittedImage> next = Optional.empty();

    private volatile Optional<HotStandby> standby = Optional.empty();
    /** Of the image that epochs are applied to. */
    private Optional<ImageHashes> hashes = Optional.empty();

    /** The image that was resumed, if one was, without a standby yet. */
    Images(KeptStore kept, PageWorkers workers, Function<CommittedImage, Optional<HotStandby>> standbys) {
        this.kept = kept;
        this.workers = workers;
        this.standbys = standbys;
        this.image = kept.resumed();
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
        Optional<CommittedImage> there = imageOf(layout);
        CommittedImage fitting = there.isPresent() ? there.get() : newImage(layout);
        PageMemory pages = fitting.memory();
        if (hashes.isEmpty() || !hashes.get().isOf(pages, hashSeed)) {
            dropHashes();
            hashes = Optional.of(new ImageHashes(pages, there.isEmpty(), hashSeed, workers));
        }
        standby.ifPresent(HotStandby::newBudget);
        hashes.get().export(sink);
        return fitting.id();
    }

    private Optional<CommittedImage> imageOf(Layout layout) throws IOException {
        if (next.isPresent() && next.get().layout().equals(layout)) {
            return next;
        }
        dropNext();
        return image.filter(found -> found.layout().equals(layout));
    }

    private CommittedImage newImage(Layout layout) throws IOException {
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

    /** The image that epochs are applied to. */
    CommittedImage current() {
        return next.or(() -> image).orElseThrow();
    }

    /** Its hashes. */
    ImageHashes hashes() {
        return hashes.orElseThrow();
    }

    /** Its standby; empty while it doesn't count yet. */
    Optional<HotStandby> follower() {
        return awaitsNext() ? Optional.empty() : standby;
    }

    /** Whether epochs are applied to an image that doesn't count before its first commit. */
    boolean awaitsNext() {
        return next.isPresent();
    }

    /**
     * An epoch was committed into the image that epochs are applied to. Its first one makes a new image the one that counts; no process
     * holds anything of the old one from here on.
     */
    void committed() throws IOException {
        if (next.isEmpty()) {
            return;
        }
        CommittedImage committed = next.get();
        kept.nextImageCounts();
        standby.ifPresent(HotStandby::close);
        image.ifPresent(CommittedImage::close);
        image = Optional.of(committed);
        next = Optional.empty();
        standby = standbys.apply(committed);
    }

    /**
     * Frees everything that a broken backup has no use for, the standby first, whose thread reads the image. What is known of the image
     * stays, and so do the files.
     */
    void letGo(String why) {
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

    /** Frees everything. */
    @Override
    public void close() {
        next.ifPresent(CommittedImage::close);
        next = Optional.empty();
        dropImage();
    }
}
