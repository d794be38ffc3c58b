package io.lull.worker.sharedmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.GuestStops;
import io.lull.worker.capture.SourceState;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.page.StagedPages;
import io.lull.worker.qemu.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A source whose QEMU is played, on a thread of its own, and what it hands on. */
final class SourceOnPlayedQemu implements CaptureHandler, AutoCloseable {
    static final int STATE_PAGES = 2;
    private static final int STAGED_BYTES = 32 << 20;
    private static final int STAGED_PAGES = 1000;
    private static final long LIMIT_SECONDS = 20;

    final PlayedQemu qemu;
    final SharedMemorySource source;
    final AtomicLong nanos = new AtomicLong();
    /** What the handler was called with. */
    final List<String> calls = new CopyOnWriteArrayList<>();
    /** What who watches was told. */
    final List<String> told = new CopyOnWriteArrayList<>();
    /** Last byte of each page of the initial copy. */
    final Map<Integer, Integer> initial = new TreeMap<>();
    /** And of each page of the last checkpoint. */
    volatile Map<Integer, Integer> last = Map.of();

    volatile InPause inPause = () -> {};
    volatile Runnable inLayout = () -> {};
    private final PageWorkers workers = new PageWorkers(2, "compare");
    private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();

    /** What a test does in a pause. */
    interface InPause {
        void act() throws IOException;
    }

    SourceOnPlayedQemu(Path folder) throws IOException {
        qemu = new PlayedQemu(folder);
        RamFile file = new RamFile(qemu.ram, "ram0", (long) PlayedQemu.RAM_PAGES * PageMemory.PAGE_BYTES);
        GuestStops stops = new GuestStops() {
            @Override
            public void guestStops() {
                told.add("stops, runs " + qemu.runs());
            }

            @Override
            public void guestRuns() {
                told.add("runs " + qemu.runs());
            }
        };
        source = new SharedMemorySource(new SharedMemorySource.Machine(qemu, file, folder, workers, stops), nanos::get);
        qemu.listener(source::onQemuEvent);
    }

    void start() {
        Thread thread = new Thread(
                () -> {
                    try {
                        source.run(this);
                        ended.complete(Optional.empty());
                    } catch (IOException | RuntimeException | Error e) {
                        ended.complete(Optional.of(e));
                    }
                },
                "source");
        thread.setDaemon(true);
        thread.start();
    }

    void awaitPending() throws Exception {
        Await.until("the source is ready", () -> source.state() == SourceState.PENDING);
    }

    /** Takes one checkpoint. */
    void checkpoint() throws Exception {
        awaitPending();
        int before = calls.size();
        assertThat(source.pause()).isTrue();
        Await.until("a checkpoint", () -> List.copyOf(calls).lastIndexOf("resumed") >= before);
    }

    /** What the source ended with; empty when it was closed. */
    Optional<Throwable> end() throws Exception {
        return ended.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    Throwable failure() throws Exception {
        return end().orElseThrow();
    }

    @Override
    public void layout(StreamLayout layout) {
        calls.add("layout of " + layout.blocks().blocks().size());
        inLayout.run();
    }

    @Override
    public void initialPages(StagingArea pages) {
        calls.add("initial " + pages.pages().count());
        collect(pages.pages(), initial);
    }

    @Override
    public StagingArea nextStaging() {
        return new StagingArea(STAGED_BYTES, STAGED_PAGES);
    }

    @Override
    public void pending() {
        calls.add("pending");
    }

    @Override
    public void paused(long pausedAtNanos) throws IOException {
        calls.add("paused");
        inPause.act();
    }

    @Override
    public void resumed(Capture capture) {
        Map<Integer, Integer> pages = new TreeMap<>();
        collect(capture.pages().pages(), pages);
        last = pages;
        assertThat(capture.ramPages()).isEqualTo(pages.size() - STATE_PAGES);
        assertThat(capture.deviceStateBytes()).isEqualTo(PlayedQemu.STATE_BYTES);
        calls.add("resumed");
    }

    /** Keeps the last byte of each page. */
    private static void collect(StagedPages pages, Map<Integer, Integer> into) {
        ByteBuffer one = ByteBuffer.allocateDirect(1);
        for (int i = 0; i < pages.count(); i++) {
            OffHeap.copy(pages.address(i) + PageMemory.PAGE_BYTES - 1, OffHeap.address(one), 1);
            into.put(pages.page(i), (int) one.get(0));
        }
    }

    @Override
    public void close() throws Exception {
        source.close();
        end();
        workers.close();
    }
}
