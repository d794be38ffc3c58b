package io.lull.local.oracle;

import io.lull.local.GuestSpec;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The image that a source's pages make, beside the guest's memory as it was in the pause that they were taken in. A test
 * may meddle with a pause.
 */
final class CapturedImage implements CaptureHandler, AutoCloseable {
    private static final int PAGE = PageMemory.PAGE_BYTES;
    private static final String RAM_BLOCK = "ram0";
    private static final long STAGING_BYTES = ((long) GuestSpec.RAM_KIB << 10) + (32L << 20);

    private final FileChannel ramFile;
    private final ByteBuffer guestRam;
    private final Path counter;
    private final StagingArea staging = new StagingArea(STAGING_BYTES, (int) (STAGING_BYTES / PAGE));
    private final AtomicInteger taken = new AtomicInteger();
    private volatile Optional<Known> known = Optional.empty();
    private volatile Optional<Checkpoint> last = Optional.empty();
    private volatile InPause inPause = () -> {};
    private volatile boolean stands;
    private Optional<byte[]> snapshot = Optional.empty();
    private Optional<byte[]> before = Optional.empty();
    private long counterBytes;

    /** What a test does in a pause. */
    interface InPause {
        void act() throws IOException;
    }

    private record Known(StreamLayout layout, ImageLayout.Block main, PageMemory memory) {}

    /**
     * One checkpoint.
     *
     * @param stale pages of the guest's memory that the image has otherwise
     * @param changed pages of it that differ from the checkpoint before
     * @param staged pages of it that the source handed on
     * @param stagedUnchanged of them, those that don't differ from the checkpoint before
     * @param counterBytes what the guest had printed on its counter's port
     */
    record Checkpoint(Capture capture, int stale, int changed, int staged, int stagedUnchanged, long counterBytes) {}

    CapturedImage(Path ram, Path counter) throws IOException {
        this.ramFile = FileChannel.open(ram, StandardOpenOption.READ);
        this.guestRam = ramFile.map(FileChannel.MapMode.READ_ONLY, 0, ramFile.size());
        this.counter = counter;
    }

    /** What is done in the next pauses, at their begin. */
    void inPause(InPause act) {
        inPause = act;
    }

    /** The guest is to stand still after the next checkpoint. */
    void standStill() {
        stands = true;
    }

    int taken() {
        return taken.get();
    }

    Checkpoint last() {
        return last.orElseThrow();
    }

    StreamLayout layout() {
        return known.orElseThrow().layout();
    }

    PageMemory memory() {
        return known.orElseThrow().memory();
    }

    @Override
    public void layout(StreamLayout layout) throws IOException {
        if (known.isPresent()) {
            throw new IOException("the layout came twice");
        }
        ImageLayout.Block main = layout.blocks().block(RAM_BLOCK).orElseThrow();
        known = Optional.of(
                new Known(layout, main, PageMemory.anonymous(layout.blocks().totalPages())));
    }

    @Override
    public void initialPages(StagingArea pages) {
        apply(pages.pages());
    }

    private void apply(StagedPages pages) {
        PageMemory memory = memory();
        for (int i = 0; i < pages.count(); i++) {
            long to = memory.address(pages.page(i));
            if (pages.address(i) == StagedPages.ZERO_PAGE) {
                OffHeap.fill(to, PAGE, (byte) 0);
            } else {
                OffHeap.copy(pages.address(i), to, PAGE);
            }
        }
    }

    @Override
    public StagingArea nextStaging() {
        staging.reset();
        return staging;
    }

    @Override
    public void pending() {}

    @Override
    public void paused(long pausedAtNanos) throws IOException {
        inPause.act();
    }

    @Override
    public void beforeResume(StagingArea pages) throws IOException {
        before = snapshot;
        byte[] copy = new byte[guestRam.capacity()];
        guestRam.duplicate().clear().get(copy);
        snapshot = Optional.of(copy);
        counterBytes = Files.size(counter);
    }

    @Override
    public boolean standsStill(long pausedAtNanos) {
        return stands;
    }

    @Override
    public void awaitRun() throws IOException {
        throw new IOException("the guest stays where it stands");
    }

    @Override
    public void resumed(Capture capture) {
        apply(capture.pages().pages());
        Known now = known.orElseThrow();
        byte[] guest = snapshot.orElseThrow();
        int stale = 0;
        int changed = 0;
        for (int i = 0; i < now.main().pages(); i++) {
            ByteBuffer captured = now.memory().view(now.main().firstPage() + i);
            stale += captured.equals(ByteBuffer.wrap(guest, i * PAGE, PAGE)) ? 0 : 1;
            changed += isChanged(guest, i) ? 1 : 0;
        }
        int staged = 0;
        int unchanged = 0;
        StagedPages pages = capture.pages().pages();
        for (int i = 0; i < pages.count(); i++) {
            int page = pages.page(i) - now.main().firstPage();
            if (page >= 0 && page < now.main().pages()) {
                staged++;
                unchanged += isChanged(guest, page) ? 0 : 1;
            }
        }
        last = Optional.of(new Checkpoint(capture, stale, changed, staged, unchanged, counterBytes));
        taken.incrementAndGet();
    }

    private boolean isChanged(byte[] guest, int page) {
        return before.isEmpty()
                || Arrays.mismatch(guest, page * PAGE, (page + 1) * PAGE, before.get(), page * PAGE, (page + 1) * PAGE)
                        >= 0;
    }

    @Override
    public void close() {
        try {
            ramFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        known.ifPresent(now -> now.memory().close());
    }
}
