package io.lull.worker.colo;

import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.page.StagedPages;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the capture makes of QEMU's stream, on the caller's thread and without a QEMU. */
public final class ColoOnBytes implements CaptureHandler {
    /** What a description of the device state begins with: QEMU is silent after it until it hears READY. */
    public static final byte[] DESCRIPTION_START = "{\"page_size\"".getBytes(StandardCharsets.US_ASCII);

    private static final long MAX_BYTES = 32 << 20;
    private static final int MAX_PAGES = 4096;

    private final StagingArea staging = new StagingArea(MAX_BYTES, MAX_PAGES);
    private int totalPages;
    private int initialPages;
    private int checkpoints;
    private int checkpointPages;

    /**
     * Takes QEMU's stream to its end, and looks at every page that was staged.
     *
     * @throws IOException when the stream can't be, or ends elsewhere than between two checkpoints
     */
    public void take(ReadableByteChannel qemu) throws IOException {
        initialPages = 0;
        checkpoints = 0;
        checkpointPages = 0;
        staging.reset();
        StreamReader in = new StreamReader(qemu, staging, System::nanoTime);
        InitialStream.Result initial = new InitialStream(in, staging, this, () -> {}).read();
        CheckpointStream stream = new CheckpointStream(in, initial);
        while (more(in)) {
            stream.request();
            stream.paused();
            stream.readRam(staging);
            look(staging);
            checkpointPages += staging.pages().count();
            stream.readDeviceState(staging);
            look(staging);
            checkpoints++;
            staging.reset();
            in.switchTo(staging);
        }
    }

    private static boolean more(StreamReader in) throws IOException {
        try {
            in.peek();
            return true;
        } catch (EOFException e) {
            return false;
        }
    }

    private void look(StagingArea area) {
        StagedPages pages = area.pages();
        for (int i = 0; i < pages.count(); i++) {
            if (pages.page(i) < 0 || pages.page(i) >= totalPages) {
                throw new IllegalStateException("page " + pages.page(i) + " of an image of " + totalPages);
            }
        }
    }

    /** Pages of the initial copy of the last stream. */
    public int initialPages() {
        return initialPages;
    }

    /** Whole checkpoints of the last stream. */
    public int checkpoints() {
        return checkpoints;
    }

    /** Pages of guest memory in them. */
    public int checkpointPages() {
        return checkpointPages;
    }

    /** A stream with so many checkpoints, in pieces that can be cut out and put elsewhere. */
    public static List<byte[]> conversation(int checkpoints, int stateBytes) {
        List<byte[]> pieces = new ArrayList<>();
        pieces.add(new QemuStream().header().bytes());
        pieces.add(new QemuStream().blocks().bytes());
        pieces.add(new QemuStream().page("ram", 0, 1).bytes());
        pieces.add(new QemuStream().nextPage(1, 2).bytes());
        pieces.add(new QemuStream().nextZero(2).endOfRam().bytes());
        pieces.add(new QemuStream().section(2).page("rom", 1, 3).endOfRam().bytes());
        pieces.add(new QemuStream().section(3).page("ram", 3, 4).bytes());
        pieces.add(new QemuStream().nextPage(0, 5).endOfRam().bytes());
        pieces.add(new QemuStream().firstState().bytes());
        for (int i = 0; i < checkpoints; i++) {
            pieces.add(new QemuStream().request().bytes());
            pieces.addAll(checkpoint(stateBytes));
        }
        return pieces;
    }

    private static List<byte[]> checkpoint(int stateBytes) {
        return List.of(
                new QemuStream().u32(3).section(3).bytes(),
                new QemuStream().page("rom", 0, 7).bytes(),
                new QemuStream().page("ram", 7, 7).bytes(),
                new QemuStream().nextZero(4).endOfRam().u8(0).bytes(),
                new QemuStream()
                        .u32(4)
                        .u64(stateBytes)
                        .raw(new byte[stateBytes])
                        .bytes());
    }

    @Override
    public void layout(StreamLayout layout) {
        totalPages = layout.blocks().totalPages();
    }

    @Override
    public void initialPages(StagingArea pages) {
        look(pages);
        initialPages += pages.pages().count();
    }

    @Override
    public StagingArea nextStaging() {
        return staging;
    }

    @Override
    public void pending() {}

    @Override
    public void paused(long pausedAtNanos) {}

    @Override
    public void resumed(Capture capture) {}
}
