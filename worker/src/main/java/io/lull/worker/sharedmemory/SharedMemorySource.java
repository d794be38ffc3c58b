package io.lull.worker.sharedmemory;

import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpEvent;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.GuestEvents;
import io.lull.worker.capture.GuestStops;
import io.lull.worker.capture.SourceState;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.ImageLayout;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoint source for a guest whose memory is in a shared file: stops it, compares the file with a copy, has QEMU
 * save the devices, and lets it run. Its states are those of {@link SourceState}; the package's description has the order
 * of events.
 *
 * <p>One checkpoint at a time: the next one is compared with the copy only after that has become the last one.
 */
public final class SharedMemorySource implements CheckpointSource {
    private static final Logger LOG = LoggerFactory.getLogger(SharedMemorySource.class);

    private final Machine machine;
    private final QemuOrders qemu;
    private final GuestHold hold;
    private final GuestEvents events = new GuestEvents();
    private final MemoryFetch fetch;
    private final DeviceStateFile deviceState;
    private final LongSupplier nanoClock;
    private final SourceProgress progress;

    /**
     * The VM and what there is to capture it with.
     *
     * @param qmp a connected monitor of the VM; nobody else may stop it or issue migration commands. Its events go to
     *     {@link #onQemuEvent}
     * @param file where its memory is
     * @param folder for a socket and the file with the device state, best on a tmpfs; QEMU must be able to write there
     * @param workers compare; nobody else may use this access to them
     * @param stops knows when the guest stands still
     */
    public record Machine(Qmp qmp, RamFile file, Path folder, PageWorkers workers, GuestStops stops) {}

    public SharedMemorySource(Machine machine, LongSupplier nanoClock) {
        this.machine = machine;
        this.nanoClock = nanoClock;
        this.progress = new SourceProgress(nanoClock);
        this.qemu = new QemuOrders(machine.qmp());
        this.hold = new GuestHold(qemu, machine.stops(), events);
        this.fetch = new MemoryFetch(qemu, hold, machine.folder().resolve("memory.sock"), nanoClock);
        this.deviceState = new DeviceStateFile(machine.folder().resolve("device-state"));
    }

    @Override
    public SourceState state() {
        return progress.state();
    }

    @Override
    public String stateReason() {
        return progress.reason();
    }

    @Override
    public void onQemuEvent(QmpEvent event) {
        events.take(event.name());
    }

    @Override
    public void run(CaptureHandler handler) throws IOException {
        try (OtherMemory others = new OtherMemory(machine.file())) {
            // First: who closes a source that is ARMING waits for the fetch, which needs the area.
            StagingArea staging = handler.nextStaging();
            PluggedDevices devices = new PluggedDevices(qemu);
            progress.move(SourceState.NEW, SourceState.ARMING, "run");
            fetch.fetch(others, staging);
            progress.move(SourceState.ARMING, SourceState.INITIAL_COPY, "the memory outside the file is fetched");
            handler.layout(others.layout());
            try (PageMemory guest = PageMemory.openFileToRead(
                            machine.file().path(), machine.file().pages());
                    ComparedMemory memory =
                            new ComparedMemory(guest, others.main().firstPage(), machine.workers(), staging)) {
                new InitialCopy(memory, others, staging, handler).run(() -> progress.require(SourceState.INITIAL_COPY));
                progress.move(SourceState.INITIAL_COPY, SourceState.RUNNING, "initial copy done");
                checkpoints(memory, others.layout().blocks().deviceState(), devices, staging, handler);
            }
        } catch (IOException | RuntimeException e) {
            if (progress.state() == SourceState.CLOSED) {
                return;
            }
            fail(e);
            throw e;
        } finally {
            Files.deleteIfExists(deviceState.path());
        }
    }

    private void checkpoints(
            ComparedMemory memory,
            ImageLayout.Block stateBlock,
            PluggedDevices devices,
            StagingArea first,
            CaptureHandler handler)
            throws IOException {
        StagingArea staging = first;
        while (true) {
            staging.reset();
            progress.move(SourceState.RUNNING, SourceState.PENDING, "ready");
            handler.pending();
            PauseOrder now = progress.awaitOrder();
            now.awaitStopped();
            long pausedAtNanos = nanoClock.getAsLong();
            progress.move(SourceState.STOPPING, SourceState.PAUSED, "guest stopped");
            handler.paused(pausedAtNanos);
            Staged staged = stage(now, memory, stateBlock, staging);
            handler.beforeResume(staging);
            boolean stands = handler.standsStill(pausedAtNanos);
            long letRunAtNanos = nanoClock.getAsLong();
            if (stands) {
                now.requireStill();
                progress.move(SourceState.PAUSED, SourceState.STANDING, "the last checkpoint before a handover");
            } else {
                handler.resuming(pausedAtNanos);
                resume(now, SourceState.PAUSED);
            }
            long resumedAtNanos = nanoClock.getAsLong();
            devices.look();
            memory.keep();
            handler.resumed(staged.capture(
                    staging, now.atNanos(), pausedAtNanos, resumedAtNanos, resumedAtNanos - letRunAtNanos));
            if (stands) {
                handler.awaitRun();
                handler.resuming(pausedAtNanos);
                resume(now, SourceState.STANDING);
            }
            staging = handler.nextStaging();
        }
    }

    /** What was staged in a pause, and when. */
    private record Staged(
            int ramPages, int deviceStateBytes, long ramReadAtNanos, long stateReadAtNanos, long waitedNanos) {
        Capture capture(
                StagingArea pages, long orderedAtNanos, long pausedAtNanos, long resumedAtNanos, long resumeNanos) {
            return new Capture(
                    pages,
                    ramPages,
                    deviceStateBytes,
                    orderedAtNanos,
                    pausedAtNanos,
                    ramReadAtNanos,
                    stateReadAtNanos,
                    resumedAtNanos,
                    waitedNanos + resumeNanos);
        }
    }

    private Staged stage(PauseOrder now, ComparedMemory memory, ImageLayout.Block stateBlock, StagingArea staging)
            throws IOException {
        int ramPages = memory.stage(staging);
        long ramReadAtNanos = nanoClock.getAsLong();
        now.awaitSaved();
        long waitedNanos = nanoClock.getAsLong() - ramReadAtNanos;
        int deviceStateBytes = deviceState.stage(staging, stateBlock);
        return new Staged(ramPages, deviceStateBytes, ramReadAtNanos, nanoClock.getAsLong(), waitedNanos);
    }

    @Override
    public boolean pause() {
        return !events.stoppedByOthers()
                && progress.order(atNanos -> new PauseOrder(qemu, hold, events, deviceState.path(), atNanos));
    }

    private void resume(PauseOrder now, SourceState from) throws IOException {
        progress.requireValid(from);
        now.letRun();
        if (events.reset()) {
            throw new CaptureException(
                    "the guest was reset, so that its firmware may have changed memory that is not in its file: it is"
                            + " fetched anew");
        }
        progress.move(from, SourceState.RUNNING, "guest resumed");
    }

    /** One that stands still after its last checkpoint is left so: who handed it over decides. */
    private void fail(Exception why) {
        if (progress.fail(String.valueOf(why.getMessage())) != SourceState.STANDING) {
            hold.releaseAfterFailure();
        }
    }

    @Override
    public boolean watchdog(long limitNanos) {
        // Before QEMU is told: from there on nothing of this checkpoint counts.
        Optional<SourceState> givenUp = progress.giveUpAfter(limitNanos, fetch::heldNanos);
        if (givenUp.isEmpty()) {
            return false;
        }
        LOG.error(
                "checkpoint stalled in {} for over {} ms: giving up the epoch so that the guest runs on",
                givenUp.get(),
                limitNanos / 1_000_000);
        if (givenUp.get() == SourceState.ARMING) {
            abortFetch();
        } else {
            hold.free();
        }
        return true;
    }

    private void abortFetch() {
        try {
            fetch.abort();
        } catch (IOException e) {
            LOG.debug("closing QEMU's stream", e);
        }
    }

    @Override
    public void close(boolean leaves) {
        Optional<SourceState> before = progress.close();
        if (before.isEmpty()) {
            return;
        }
        if (before.get() == SourceState.ARMING) {
            awaitFetchEnd();
        } else if (leaves) {
            hold.releaseAfterFailure();
        }
    }

    private void awaitFetchEnd() {
        abortFetch();
        try {
            if (!fetch.awaitEnd()) {
                LOG.warn("QEMU does not say that it has ended its migration; is it gone, or stuck?");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
