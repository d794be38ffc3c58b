package io.lull.worker.colo;

import io.lull.producer.qemu.Qmp;
import io.lull.producer.qemu.QmpEvent;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.GuestEvents;
import io.lull.worker.capture.SourceState;
import io.lull.worker.capture.StagingArea;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoint source on stock QEMU: arms COLO, hands on what it captures, and pauses the guest when told to.
 *
 * <p>{@link #run} reads the stream; {@link #pause} writes the reply that QEMU waits for, and is the actuator.
 */
public final class ColoSource implements CheckpointSource {
    private static final Logger LOG = LoggerFactory.getLogger(ColoSource.class);
    private static final long CONNECT_TIMEOUT_MILLIS = 20_000;
    /** What QEMU may reckon with for the last part of a first copy, whatever the link then does. */
    private static final long COPY_LIMIT_NANOS = ColoControl.LONGEST_DOWNTIME_MILLIS * 1_000_000;

    private final ColoControl control;
    private final Path socketPath;
    private final LongSupplier nanoClock;
    private final BooleanSupplier mayBeTakenOver;
    private final GuestEvents events = new GuestEvents();
    private final StopsInCopy stopsInCopy;
    private final StuckGuest stuck;
    /** How often the guest was let run here; for the thread that reads the stream. */
    private int letRun;

    private volatile SourceState state = SourceState.NEW;
    private volatile String stateReason = "created";
    private volatile long repliedAtNanos;
    private volatile boolean armed;
    private boolean gaveUp;
    private final ColoReplies replies = new ColoReplies();

    /**
     * @param qmp a connected monitor of the VM; nobody else may issue migration commands
     * @param socketPath where QEMU connects to; made and removed here
     * @param mayBeTakenOver whether a backup takes the VM over when QEMU ends now
     */
    public ColoSource(Qmp qmp, Path socketPath, LongSupplier nanoClock, BooleanSupplier mayBeTakenOver) {
        this.control = new ColoControl(qmp);
        this.stopsInCopy = new StopsInCopy(control, events, nanoClock);
        this.stuck = new StuckGuest(control, nanoClock);
        this.socketPath = socketPath;
        this.nanoClock = nanoClock;
        this.mayBeTakenOver = mayBeTakenOver;
    }

    @Override
    public SourceState state() {
        return state;
    }

    @Override
    public String stateReason() {
        return stateReason;
    }

    @Override
    public void run(CaptureHandler handler) throws IOException {
        boolean copied = false;
        try (MigrationSocket server = MigrationSocket.listen(socketPath)) {
            transition(SourceState.ARMING, "run");
            // Before QEMU is asked whether the guest runs: none that is stopped after that is missed.
            stopsInCopy.begin();
            control.prepare();
            armed = true;
            control.migrate(socketPath);
            SocketChannel accepted = server.accept(CONNECT_TIMEOUT_MILLIS);
            use(accepted);
            transition(SourceState.INITIAL_COPY, "QEMU connected");
            StagingArea staging = handler.nextStaging();
            StreamReader in = new StreamReader(accepted, staging, nanoClock);
            InitialStream.Result initial = copy(in, staging, handler);
            copied = true;
            // What came before is of a session that has ended, perhaps.
            letRun = events.resumesOfOwnStops() + 1;
            replies.ready();
            transition(SourceState.RUNNING, "initial copy done, guest resumed");
            checkpoints(in, staging, initial, handler);
        } catch (IOException | RuntimeException e) {
            if (state == SourceState.CLOSED) {
                return;
            }
            transition(SourceState.FAILED, String.valueOf(e.getMessage()));
            throw e;
        } finally {
            if (!copied) {
                // QEMU writes the last part of a copy with all else held up: until then it would answer nobody.
                replies.hangUp();
            }
        }
    }

    private InitialStream.Result copy(StreamReader in, StagingArea staging, CaptureHandler handler) throws IOException {
        Convergence convergence = new Convergence(control, nanoClock);
        InitialStream.Result initial = new InitialStream(in, staging, handler, () -> {
                    convergence.run();
                    stopsInCopy.requireOwn();
                })
                .read();
        stopsInCopy.end();
        return initial;
    }

    private void checkpoints(StreamReader in, StagingArea first, InitialStream.Result initial, CaptureHandler handler)
            throws IOException {
        CheckpointStream stream = new CheckpointStream(in, initial);
        StagingArea staging = first;
        while (true) {
            stream.request();
            transition(SourceState.PENDING, "QEMU asks");
            handler.pending();
            stream.paused();
            long pausedAtNanos = nanoClock.getAsLong();
            long readBeforeNanos = in.readingNanos();
            transition(SourceState.PAUSED, "guest stopped");
            handler.paused(pausedAtNanos);
            stream.readRam(staging);
            int ramPages = staging.pages().count();
            long ramReadAtNanos = nanoClock.getAsLong();
            int deviceStateBytes = stream.readDeviceState(staging);
            long stateReadAtNanos = nanoClock.getAsLong();
            handler.beforeResume(staging);
            boolean stands = handler.standsStill(pausedAtNanos);
            requireStill();
            if (stands) {
                transition(SourceState.STANDING, "the last checkpoint before a handover");
            } else {
                handler.resuming(pausedAtNanos);
                resume();
            }
            long resumedAtNanos = nanoClock.getAsLong();
            handler.resumed(new Capture(
                    staging,
                    ramPages,
                    deviceStateBytes,
                    repliedAtNanos,
                    pausedAtNanos,
                    ramReadAtNanos,
                    stateReadAtNanos,
                    resumedAtNanos,
                    in.readingNanos() - readBeforeNanos));
            if (stands) {
                handler.awaitRun();
                handler.resuming(pausedAtNanos);
                resume();
            }
            staging = handler.nextStaging();
            staging.reset();
            in.switchTo(staging);
        }
    }

    private void requireStill() throws ColoStreamException {
        if (events.resumesOfOwnStops() > letRun) {
            throw new ColoStreamException("the guest was let run in the middle of a checkpoint, which is void");
        }
    }

    private void resume() throws IOException {
        requireStill();
        letRun++;
        replies.resume();
        transition(SourceState.RUNNING, "guest resumed");
    }

    @Override
    public boolean pause() throws IOException {
        if (state != SourceState.PENDING || events.stoppedByOthers() && !isToBeTakenOver()) {
            // QEMU would let a guest run that an operator has stopped.
            return false;
        }
        synchronized (this) {
            if (state != SourceState.PENDING) {
                return false;
            }
            events.expectStop();
            repliedAtNanos = nanoClock.getAsLong();
            transition(SourceState.STOPPING, "trigger");
            replies.pause();
            return true;
        }
    }

    /**
     * Whether the guest is one that stands still for a fault of this host's, and is not waited for: told to take a checkpoint of it, QEMU
     * ends itself, and the backup takes over. One that no backup would take over is left to its operator, as without a worker.
     */
    private boolean isToBeTakenOver() {
        return mayBeTakenOver.getAsBoolean() && stuck.isSo();
    }

    @Override
    public void onQemuEvent(QmpEvent event) {
        boolean byOthers = events.take(event.name());
        if (event.name().equals("RESUME")) {
            stuck.runs();
            stopsInCopy.runs();
        } else if (event.name().equals("STOP") && !stopsInCopy.stopped() && byOthers && !hasEnded()) {
            LOG.warn("the guest was stopped by somebody else, or for a fault");
            stuck.stopped();
        }
    }

    /** QEMU stops a guest for a moment when it leaves COLO, too. */
    private boolean hasEnded() {
        SourceState now = state;
        return now == SourceState.CLOSED || now == SourceState.FAILED;
    }

    /** QEMU resumes the guest and closes the stream, so that {@link #run} ends. */
    @Override
    public boolean watchdog(long limitNanos) {
        SourceState now = state;
        boolean stopped = now == SourceState.STOPPING || now == SourceState.PAUSED;
        if (gaveUp) {
            return false;
        }
        if (stopped && nanoClock.getAsLong() - repliedAtNanos >= limitNanos) {
            gaveUp = true;
            LOG.error(
                    "checkpoint stalled in {} for over {} ms: giving up the epoch so that the guest runs on",
                    now,
                    limitNanos / 1_000_000);
            control.leave();
        } else if (now == SourceState.INITIAL_COPY && stopsInCopy.standsFor(COPY_LIMIT_NANOS)) {
            gaveUp = true;
            LOG.error(
                    "the guest has stood still for over {} ms at the end of its first copy: giving that up so that it runs on",
                    COPY_LIMIT_NANOS / 1_000_000);
            replies.hangUp();
        }
        return gaveUp;
    }

    private synchronized void use(SocketChannel accepted) throws IOException {
        if (state == SourceState.CLOSED) {
            accepted.close();
            throw new ColoStreamException("the source was closed");
        }
        replies.sendOn(accepted);
    }

    private synchronized void transition(SourceState next, String reason) {
        if (state == SourceState.CLOSED) {
            return;
        }
        if (LOG.isTraceEnabled()) {
            // Three arguments are an array, and this is called in pauses.
            LOG.trace("{} -> {}: {}", state, next, reason);
        }
        stateReason = reason;
        state = next;
    }

    /** Has QEMU leave COLO, which resumes a paused guest; one that an operator has stopped is stopped again after that. */
    @Override
    public void close(boolean leaves) {
        Departure departure = new Departure(control, events, stopsInCopy);
        synchronized (this) {
            if (state == SourceState.CLOSED) {
                return;
            }
            transition(SourceState.CLOSED, "close");
        }
        if (armed && leaves) {
            departure.begin();
        }
        replies.hangUp();
        if (armed && leaves) {
            departure.finish();
        }
    }
}
