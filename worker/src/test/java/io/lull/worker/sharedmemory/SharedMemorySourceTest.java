package io.lull.worker.sharedmemory;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shared memory capture: what is handed on, and that the guest runs whatever goes wrong. */
@Timeout(60)
class SharedMemorySourceTest implements CaptureHandler {
    private static final int STAGED_BYTES = 32 << 20;
    private static final int STAGED_PAGES = 1000;
    private static final long LIMIT_SECONDS = 20;
    private static final int STATE_PAGES = 2;

    @TempDir
    Path folder;

    private final PageWorkers workers = new PageWorkers(2, "compare");
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> initial = new TreeMap<>();
    private volatile Map<Integer, Integer> last = Map.of();
    private volatile InPause inPause = () -> {};
    private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
    private PlayedQemu qemu;
    private SharedMemorySource source;

    private interface InPause {
        void act() throws IOException;
    }

    @BeforeEach
    void make() throws IOException {
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

    @AfterEach
    void end() throws Exception {
        source.close();
        ended.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        workers.close();
    }

    private void start() {
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

    private void awaitPending() throws Exception {
        Await.until("the source is ready", () -> source.state() == SourceState.PENDING);
    }

    private void checkpoint() throws Exception {
        awaitPending();
        int before = calls.size();
        assertThat(source.pause()).isTrue();
        Await.until("a checkpoint", () -> List.copyOf(calls).lastIndexOf("resumed") >= before);
    }

    private Throwable failure() throws Exception {
        return ended.get(LIMIT_SECONDS, TimeUnit.SECONDS).orElseThrow();
    }

    @Test
    void handsOnAllMemoryFirstAndThenWhatChanged() throws Exception {
        qemu.write(3, 1);
        start();
        awaitPending();
        assertThat(initial).hasSize(PlayedQemu.RAM_PAGES + PlayedQemu.OTHER_PAGES);
        assertThat(initial).containsEntry(3, 1).containsEntry(4, 0);
        assertThat(initial).containsEntry(PlayedQemu.RAM_PAGES, 0).containsEntry(PlayedQemu.RAM_PAGES + 1, 9);
        int state = PlayedQemu.RAM_PAGES + PlayedQemu.OTHER_PAGES;

        checkpoint();
        assertThat(last).hasSize(STATE_PAGES).containsEntry(state, 7).containsEntry(state + 1, 0);

        qemu.write(7, 5);
        qemu.write(250, 6);
        checkpoint();
        assertThat(last).hasSize(2 + STATE_PAGES).containsEntry(7, 5).containsEntry(250, 6);

        qemu.write(7, 5);
        checkpoint();
        assertThat(last).as("written, and as it was").hasSize(STATE_PAGES);
        assertThat(calls.subList(0, 2)).containsExactly("layout of 3", "initial 2");
        Await.until("the source is ready", () -> "pending".equals(calls.get(calls.size() - 1)));
        assertThat(calls).endsWith("pending", "paused", "resumed", "pending");
        assertThat(qemu.runs()).isTrue();
    }

    @Test
    void whoWatchesKnowsOfEachStopBeforeQemuDoesAndOfEachResumeAfterIt() throws Exception {
        start();
        checkpoint();

        Await.until("the guest runs", () -> told.size() == 4);
        assertThat(told).containsExactly("stops, runs true", "runs true", "stops, runs true", "runs true");
    }

    @Test
    void aGuestThatDoesNotRunIsLeftAlone() throws Exception {
        qemu.stop();
        start();

        assertThat(failure()).isInstanceOf(CaptureException.class).hasMessageContaining("does not run (paused)");
        assertThat(qemu.commands).doesNotContain("stop", "cont", "migrate");
        assertThat(told).isEmpty();
    }

    @Test
    void otherMemoryThatTheGuestMayWriteToIsRefusedAndTheGuestRuns() throws Exception {
        qemu.otherBlock = "0000:00:02.0/vga.vram";
        start();

        assertThat(failure()).isInstanceOf(CaptureException.class).hasMessageContaining("vga.vram", "-vga none");
        assertThat(qemu.runs()).isTrue();
        assertThat(calls).isEmpty();
    }

    @Test
    void aStreamThatStallsIsGivenUpAndTheGuestRuns() throws Exception {
        qemu.sendsNothing = true;
        start();
        Await.until("the guest is stopped", () -> !qemu.runs());
        assertThat(source.watchdog(1000)).isFalse();
        nanos.set(1000);

        Await.until("it is given up", () -> source.watchdog(1000));

        assertThat(failure()).isInstanceOf(IOException.class);
        assertThat(qemu.runs()).isTrue();
        assertThat(qemu.commands).contains("migrate_cancel");
    }

    @Test
    void closingWhileTheOtherMemoryIsFetchedLetsTheGuestRun() throws Exception {
        qemu.sendsNothing = true;
        start();
        Await.until("the guest is stopped", () -> !qemu.runs());

        source.close();

        assertThat(qemu.runs()).isTrue();
        assertThat(ended.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void devicesThatCanNotBeSavedMakeTheCheckpointVoidAndTheGuestRuns() throws Exception {
        start();
        checkpoint();
        qemu.refusesToSave = true;
        awaitPending();
        source.pause();

        assertThat(failure()).isInstanceOf(IOException.class).hasMessageContaining("xen-save-devices-state");
        assertThat(calls).endsWith("pending", "paused");
        assertThat(qemu.runs()).isTrue();
    }

    @Test
    void aGuestThatWasLetRunAndStoppedAgainInAPauseMakesTheCheckpointVoid() throws Exception {
        start();
        checkpoint();
        inPause = () -> {
            qemu.cont();
            qemu.stop();
        };
        awaitPending();
        source.pause();

        assertThat(failure()).isInstanceOf(CaptureException.class).hasMessageContaining("let run in the middle");
        assertThat(calls).endsWith("pending", "paused");
        assertThat(qemu.runs()).isTrue();
    }

    @Test
    void aCheckpointThatIsGivenUpCountsNoMore() throws Exception {
        start();
        checkpoint();
        inPause = () -> {
            nanos.set(5000);
            assertThat(source.watchdog(5001)).isFalse();
            assertThat(source.watchdog(5000)).isTrue();
            assertThat(source.watchdog(5000)).as("once").isFalse();
            assertThat(qemu.runs()).isTrue();
        };
        awaitPending();
        source.pause();

        assertThat(failure()).isInstanceOf(CaptureException.class).hasMessageContaining("took too long");
        assertThat(calls).endsWith("pending", "paused");
    }

    @Test
    void aGuestThatWasResetHasItsOtherMemoryFetchedAnewByTheNextSource() throws Exception {
        start();
        checkpoint();
        awaitPending();
        qemu.event("RESET");
        source.pause();

        assertThat(failure()).isInstanceOf(CaptureException.class).hasMessageContaining("reset");
        assertThat(qemu.runs()).isTrue();
    }

    @Test
    void noOrderIsTakenWhileAnOperatorHasTheGuestStopped() throws Exception {
        start();
        awaitPending();
        qemu.stop();

        assertThat(source.pause()).isFalse();
        assertThat(source.state()).isEqualTo(SourceState.PENDING);
        qemu.cont();
        checkpoint();
    }

    @Override
    public void layout(StreamLayout layout) {
        calls.add("layout of " + layout.blocks().blocks().size());
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
}
