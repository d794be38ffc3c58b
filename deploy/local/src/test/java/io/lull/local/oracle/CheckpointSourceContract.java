package io.lull.local.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.Await;
import io.lull.local.oracle.CapturedGuest.Running;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.SourceState;
import io.lull.worker.primary.PauseMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every source of checkpoints holds to, shown on a real guest that writes to its memory and disk all the time. */
@Tag("guest")
@Timeout(240)
abstract class CheckpointSourceContract {
    private static final int CHECKPOINTS = 100;
    private static final long LIMIT_MILLIS = 30_000;
    private static final long SHORT_NANOS = 1_000_000;
    private static final int COUNTER_LINE_BYTES = 13;

    @TempDir
    Path folder;

    protected Owned owned;
    private CapturedGuest guest;
    private final PauseMeter meter = new PauseMeter();

    /** A source for this guest, with this clock. */
    protected abstract CheckpointSource source(CapturedGuest of, LongSupplier nanoClock);

    /** How many pages a source may hand on in a checkpoint although they are what they were. */
    protected abstract int mostUnchangedPages();

    /** What it may allocate in a pause, on its own thread and in bytes. */
    protected abstract long mostAllocatedBytes();

    @BeforeEach
    void boot() throws Exception {
        owned = new Owned();
        guest = owned.own(CapturedGuest.boot(folder, owned.memory()));
    }

    @AfterEach
    void end() throws Exception {
        owned.close();
    }

    protected CapturedGuest guest() {
        return guest;
    }

    protected Running start() throws IOException {
        CapturedImage image =
                owned.own(new CapturedImage(guest.ram(), guest.seat().counter()));
        Running running = guest.start(of -> meter.around(source(of, meter)), image);
        owned.own(running.source());
        return running;
    }

    @Test
    void eachCheckpointMakesTheImageEqualToTheGuestsMemoryAtTheStopAndHasLittleElse() throws Exception {
        Running running = start();
        long changed = 0;
        long pauseNanos = 0;
        for (int i = 0; i < CHECKPOINTS; i++) {
            CapturedImage.Checkpoint taken = running.checkpoint();

            assertThat(taken.stale()).as("stale pages in checkpoint %d", i).isZero();
            if (i > 0) {
                assertThat(taken.staged()).as("pages in checkpoint %d", i).isGreaterThanOrEqualTo(taken.changed());
                assertThat(taken.stagedUnchanged())
                        .as("unchanged pages in checkpoint %d", i)
                        .isLessThanOrEqualTo(mostUnchangedPages());
                changed += taken.changed();
            }
            pauseNanos += taken.capture().pause().totalNanos();
            assertThat(taken.capture().ramPages()).isGreaterThanOrEqualTo(taken.staged());
            assertThat(taken.capture().deviceStateBytes()).isPositive();
        }
        System.out.printf(
                "%s: %d checkpoints, %d changed pages, mean pause with the test's own copy %.1f ms%n",
                getClass().getSimpleName(), CHECKPOINTS, changed, pauseNanos / 1e6 / CHECKPOINTS);
        assertThat(changed).as("the guest wrote").isGreaterThan(CHECKPOINTS);
        // What the compiler has this thread do comes now and then: the median is the source's own.
        long[] allocated =
                Arrays.stream(meter.sourceBytesAfter(CHECKPOINTS / 2)).sorted().toArray();
        System.out.printf(
                "%s: allocated in a pause by its thread: median %d bytes, least %d, most %d, of %d pauses%n",
                getClass().getSimpleName(),
                allocated[allocated.length / 2],
                allocated[0],
                allocated[allocated.length - 1],
                allocated.length);
        assertThat(allocated[allocated.length / 2])
                .as("bytes allocated in the median pause")
                .isLessThanOrEqualTo(mostAllocatedBytes());
        running.source().close();
        assertThat(running.end()).isEmpty();
        // QEMU says that it is out of COLO before it lets the guest run.
        Await.until("the guest runs", LIMIT_MILLIS, guest::runs);
        guest.awaitProgress();
    }

    @Test
    void aStandbyGoesOnFromTheLastCheckpointWithItsMemoryRight() throws Exception {
        Running running = start();
        for (int i = 0; i < 10; i++) {
            running.checkpoint();
        }
        running.image().standStill();
        CapturedImage.Checkpoint last = running.checkpoint();
        assertThat(running.end()).isPresent();
        assertThat(guest.runs()).as("a guest that stands still").isFalse();
        assertThat(Files.size(guest.seat().counter())).isEqualTo(last.counterBytes());
        running.source().close(false);
        guest.qemu().kill();

        StandbyFeed standby = owned.own(guest.standby(folder, owned.memory()));
        standby.run(
                running.image().layout(),
                running.image().memory(),
                last.capture().deviceStateBytes());

        Await.until(
                "the restored guest has checked its memory",
                LIMIT_MILLIS,
                () -> Consoles.checks(standby.seat(), 0) > 1);
        assertThat(Consoles.text(standby.seat())).doesNotContain("CORRUPT");
        byte[] before = Files.readAllBytes(guest.seat().counter());
        byte[] after = Files.readAllBytes(standby.seat().counter());
        byte[] all = Arrays.copyOf(before, before.length + after.length);
        System.arraycopy(after, 0, all, before.length, after.length);
        assertThat(after).isNotEmpty();
        for (int line = 0; (line + 1) * COUNTER_LINE_BYTES <= all.length; line++) {
            assertThat(new String(all, line * COUNTER_LINE_BYTES, COUNTER_LINE_BYTES))
                    .isEqualTo("C %010d\n".formatted(line + 1));
        }
    }

    @Test
    void qemuDyingInAPauseIsAnOperatingFailureAndTheCheckpointIsVoid() throws Exception {
        Running running = start();
        running.checkpoint();
        int taken = running.image().taken();
        running.image().inPause(() -> guest.qemu().kill());
        running.awaitPending();
        running.order();

        assertThat(running.end()).get().isInstanceOf(IOException.class);
        assertThat(running.image().taken()).isEqualTo(taken);
        assertThat(running.source().state()).isEqualTo(SourceState.FAILED);
    }

    @Test
    void theGuestRunsOnAfterAVoidCheckpointAndCanBeCapturedAnew() throws Exception {
        Running running = start();
        running.checkpoint();
        running.image().inPause(() -> {
            throw new IOException("the disk's log is full");
        });
        running.awaitPending();
        running.order();

        assertThat(running.end()).get().isInstanceOf(IOException.class);
        running.source().close();
        Await.until("the guest runs", LIMIT_MILLIS, guest::runs);
        guest.awaitProgress();
        Running again = start();
        assertThat(again.checkpoint().stale()).isZero();
        assertThat(again.checkpoint().stale()).isZero();
    }

    @Test
    void aCheckpointThatStallsIsGivenUpAndTheGuestRunsMeanwhile() throws Exception {
        Running running = start();
        running.checkpoint();
        int taken = running.image().taken();
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        running.image().inPause(() -> {
            stalled.countDown();
            await(goesOn);
        });
        running.awaitPending();
        running.order();
        await(stalled);
        assertThat(guest.runs()).isFalse();

        Await.until(
                "the pause is too long", LIMIT_MILLIS, () -> running.source().watchdog(SHORT_NANOS));

        Await.until("the guest runs", LIMIT_MILLIS, guest::runs);
        guest.awaitProgress();
        goesOn.countDown();
        assertThat(running.end()).get().isInstanceOf(IOException.class);
        assertThat(running.image().taken()).isEqualTo(taken);
        running.source().close();
        assertThat(guest.runs()).isTrue();
    }

    @Test
    void closingInAPauseLetsTheGuestRun() throws Exception {
        Running running = start();
        running.checkpoint();
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        running.image().inPause(() -> {
            paused.countDown();
            await(goesOn);
        });
        running.awaitPending();
        running.order();
        await(paused);

        running.source().close();

        Await.until("the guest runs", LIMIT_MILLIS, guest::runs);
        goesOn.countDown();
        assertThat(running.end()).isEmpty();
        guest.awaitProgress();
    }

    protected static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IOException("not within " + LIMIT_MILLIS + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
