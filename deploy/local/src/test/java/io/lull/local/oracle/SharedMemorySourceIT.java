package io.lull.local.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.GuestSpec;
import io.lull.local.oracle.CapturedGuest.Running;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.GuestStops;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.qemu.QmpCalls;
import io.lull.worker.sharedmemory.RamBackend;
import io.lull.worker.sharedmemory.RamFile;
import io.lull.worker.sharedmemory.SharedMemorySource;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class SharedMemorySourceIT extends CheckpointSourceContract {
    private static final long LIMIT_MILLIS = 30_000;
    private static final int THREADS = 2;

    private final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    protected CheckpointSource source(CapturedGuest of, LongSupplier nanoClock) {
        RamFile file = new RamFile(of.ram(), "ram0", (long) GuestSpec.RAM_KIB << 10);
        GuestStops stops = new GuestStops() {
            @Override
            public void guestStops() {
                told.add("stops");
            }

            @Override
            public void guestRuns() {
                told.add("runs");
            }
        };
        return new SharedMemorySource(
                new SharedMemorySource.Machine(
                        of.monitor(), file, folder, owned.own(new PageWorkers(THREADS, "compare")), stops),
                nanoClock);
    }

    /** It compares. */
    @Override
    protected int mostUnchangedPages() {
        return 0;
    }

    /** Two QMP commands of some 4,080 bytes each, query-status and cont, and 576 for opening the file with the device state. */
    @Override
    protected long mostAllocatedBytes() {
        return 12 << 10;
    }

    @Test
    void findsTheFileOfTheGuestsMemory() throws Exception {
        RamBackend.Found found = RamBackend.find(new QmpCalls(guest().monitor()), guest().qemuPid());

        assertThat(found.file()).contains(new RamFile(guest().ram(), "ram0", (long) GuestSpec.RAM_KIB << 10));
    }

    @Test
    void aGuestThatSomebodyElseLetsRunInAPauseMakesTheCheckpointVoid() throws Exception {
        Running running = start();
        running.checkpoint();
        int taken = running.image().taken();
        running.image().inPause(() -> order("cont"));
        running.awaitPending();
        running.order();

        assertThat(running.end())
                .get()
                .isInstanceOf(IOException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .contains("let run in the middle");
        assertThat(running.image().taken()).isEqualTo(taken);
        assertThat(guest().runs()).isTrue();
    }

    @Test
    void takesNoCheckpointOfAGuestThatAnOperatorHasStoppedAndGoesOnWhenItRuns() throws Exception {
        Running running = start();
        running.checkpoint();
        running.awaitPending();
        guest().order("stop");
        guest().awaitHeard();

        assertThat(running.source().pause()).isFalse();
        assertThat(guest().runs()).isFalse();
        guest().order("cont");
        guest().awaitHeard();

        assertThat(running.checkpoint().stale()).isZero();
    }

    @Test
    void tellsWhoWatchesBeforeEachStopAndAfterEachResume() throws Exception {
        Running running = start();
        running.checkpoint();
        running.checkpoint();
        running.source().close();

        // The first pair is the fetch of the memory that isn't in the file.
        assertThat(told).containsExactly("stops", "runs", "stops", "runs", "stops", "runs");
    }

    private void order(String command) throws IOException {
        try {
            guest().order(command);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
