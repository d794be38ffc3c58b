package io.lull.worker.primary;

import io.lull.policy.TriggerReason;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureException;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.output.GateState;
import io.lull.worker.output.OutputGate;
import io.lull.worker.page.EncodeResult;
import io.lull.worker.page.PageMemory;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of each capture of one session: cut the epoch's output and disk writes while the guest is paused, then,
 * with the guest running, encode and ship on a thread of its own.
 *
 * <p>At most {@link #STAGING_AREAS} epochs are captured and not yet encoded, and {@link EpochBook#MAX_EPOCHS} not yet
 * acknowledged: with no room the next checkpoint waits, and the guest runs.
 */
final class EpochPipeline implements CaptureHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EpochPipeline.class);
    /** One that is written while the other is encoded. */
    static final int STAGING_AREAS = 2;

    private static final long POLL_MILLIS = 50;
    private static final long JOIN_MILLIS = 5_000;

    private final SessionPorts ports;
    private final Current<OpenEpoch> open;
    private volatile Optional<Firing> firing = Optional.empty();
    private final BlockingQueue<StagingArea> free = new ArrayBlockingQueue<>(STAGING_AREAS);
    private final BlockingQueue<Work> work = new ArrayBlockingQueue<>(STAGING_AREAS);
    private final Thread shipper = new Thread(this::shipLoop, "lull-ship");
    private final PageShipper pages;
    private volatile Optional<LastEpoch> lastEpoch = Optional.empty();
    /** The open epoch as it will be in its pause: made before, as nothing is allocated in one. */
    private OpenEpoch inPause;

    private volatile boolean closed;
    private boolean holding;
    private boolean synced;
    /** Whether the initial copy was carried to the backup; empty until all of it was sent. */
    private volatile Optional<BooleanSupplier> copied = Optional.empty();

    private record Work(long epoch, Capture capture) {}

    /**
     * @param ports what the session works with
     * @param open the open epoch, shared with the trigger
     * @param pages encodes and sends
     */
    EpochPipeline(SessionPorts ports, Current<OpenEpoch> open, PageShipper pages) {
        this.ports = ports;
        this.open = open;
        this.pages = pages;
        this.inPause = open.get().paused();
        free.addAll(ports.staging());
        shipper.setDaemon(true);
    }

    /**
     * Says why the next checkpoint comes, and makes the gate ready for it; to be called right before the source is told to
     * pause.
     */
    void fire(Firing next) {
        firing = Optional.of(next);
        ports.gate().ifPresent(gate -> gate.prepare(next.epoch()));
    }

    /**
     * Whether a checkpoint may be taken. From the first one on output is held until the backup has it, so while output still passes
     * that one waits until the link has carried the initial copy: clients would wait for that too. Output that is held already
     * comes free the sooner the sooner it is taken. From the trigger's thread.
     */
    boolean mayPause() {
        boolean passes =
                ports.gate().filter(gate -> gate.state() == GateState.PASSING).isPresent();
        return !passes || copied.filter(BooleanSupplier::getAsBoolean).isPresent();
    }

    @Override
    public void layout(StreamLayout layout) throws IOException {
        pages.begin(layout);
        // The disk is copied before the memory: a copy under way would make each pause longer. QEMU waits meanwhile
        // with its first page, and the guest runs.
        if (ports.disk().isPresent()) {
            ports.disk().get().begin();
        }
        shipper.start();
    }

    @Override
    public void initialPages(StagingArea staged) throws IOException {
        pages.ship(epoch().number(), staged.pages(), false);
    }

    @Override
    public StagingArea nextStaging() throws IOException {
        try {
            while (!closed) {
                StagingArea area =
                        ports.book().awaitRoom(POLL_MILLIS) ? free.poll(POLL_MILLIS, TimeUnit.MILLISECONDS) : null;
                if (area != null) {
                    area.reset();
                    return area;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new CaptureException("the session is closed");
    }

    @Override
    public void pending() {
        inPause = epoch().paused();
        if (!synced) {
            synced = true;
            copied = Optional.of(pages.soFarCarried());
            ports.events().initialCopyDone(pages.initialPages(), pages.initialWireBytes());
        }
    }

    @Override
    public void paused(long pausedAtNanos) throws IOException {
        long epoch = inPause.number();
        if (epoch != epoch().number()) {
            throw new IllegalStateException("paused in epoch " + epoch().number() + ", made ready for " + epoch);
        }
        open.set(inPause);
        if (ports.gate().isPresent()) {
            OutputGate gate = ports.gate().get();
            if (!holding) {
                // From here on output depends on checkpoints. What passed before came from a state that the first
                // checkpoint includes.
                gate.hold();
                holding = true;
            }
            gate.cut(epoch);
        }
        if (ports.disk().isPresent()) {
            ports.disk().get().cut(epoch);
        }
    }

    @Override
    public void beforeResume(StagingArea staged) throws IOException {
        ports.tap().captured(epoch().number(), staged.pages());
    }

    /** See {@link PageShipper#verified}. */
    void verified(long epoch, boolean compared) {
        pages.verified(epoch, compared);
    }

    /** Has the guest stand still after its next checkpoint; one at a time. */
    void standStill(LastEpoch last) {
        lastEpoch = Optional.of(last);
    }

    @Override
    public boolean standsStill(long pausedAtNanos) {
        Optional<LastEpoch> last = lastEpoch;
        return last.isPresent() && last.get().stands(epoch().number(), pausedAtNanos);
    }

    @Override
    public void awaitRun() throws IOException {
        try {
            if (!lastEpoch.orElseThrow().awaitDecision()) {
                throw new CaptureException("the guest stays where it stands");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CaptureException("the session is closed");
        }
    }

    @Override
    public void resumed(Capture capture) {
        OpenEpoch ended = epoch();
        // Only a firing makes QEMU pause; without one a bug is near, and the report says what is known.
        Firing why = firing.orElseGet(
                () -> new Firing(ended.number(), TriggerReason.FALLBACK, 0, 0, capture.repliedAtNanos(), 0));
        firing = Optional.empty();
        long endedAtMicros =
                ports.wallMicros().getAsLong() - (ports.nanoClock().getAsLong() - capture.pausedAtNanos()) / 1000;
        ports.book()
                .captured(new EpochBook.Captured(
                        ended.number(),
                        why,
                        capture,
                        ended.lengthNanos(capture),
                        endedAtMicros,
                        ports.apportion().apply(capture.ramPages()),
                        ports.disk().map(disk -> disk.bytesOf(ended.number())).orElse(0L)));
        open.set(ended.next(capture));
        work.add(new Work(ended.number(), capture));
    }

    private OpenEpoch epoch() {
        return open.get();
    }

    private void shipLoop() {
        try {
            while (!closed) {
                Work next = work.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    ship(next);
                    free.add(next.capture().pages());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            ports.events().failed("shipping failed: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            if (!closed) {
                LOG.error("bug in shipping; the session ends", e);
                ports.events().failed("bug in shipping: " + e);
            }
        }
    }

    private void ship(Work next) throws IOException {
        Capture capture = next.capture();
        EncodeResult encoded = pages.ship(next.epoch(), capture.pages().pages(), !work.isEmpty());
        EpochRecords.End end = pages.end(next.epoch(), capture.deviceStateBytes());
        ports.book()
                .shipped(
                        next.epoch(),
                        new EpochBook.Shipped(
                                new EpochReport.Pages(
                                        encoded.dirtyPages(),
                                        encoded.unchangedPages(),
                                        encoded.zeroPages(),
                                        encoded.deltaPages(),
                                        encoded.rawPages()),
                                (long) capture.ramPages() * PageMemory.PAGE_BYTES,
                                encoded.deltaBytes(),
                                end.wireBytes(),
                                pages.takeHashNanos(),
                                encoded.deltaNanos(),
                                encoded.compressNanos(),
                                ports.nanoClock().getAsLong(),
                                encoded.codec().name().toLowerCase(Locale.ROOT),
                                pages.threads()));
        pages.send(end.frame());
        if (work.isEmpty()) {
            pages.verifyIfDue(next.epoch());
        }
    }

    /**
     * Stops shipping; what was not acknowledged is void.
     *
     * @param captureEnded whether the thread that calls this as a handler has ended; if not, the memory that it may be
     *     reading is kept
     * @return whether all is at rest, so that the staging areas can be used again
     */
    boolean close(boolean captureEnded) {
        closed = true;
        shipper.interrupt();
        try {
            shipper.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (captureEnded && !shipper.isAlive()) {
            pages.close();
            return true;
        }
        LOG.error("a thread of the session does not end; its memory is kept until this worker ends");
        return false;
    }
}
