package io.lull.worker.primary;

import io.lull.producer.qemu.QmpEvent;
import io.lull.worker.capture.Capture;
import io.lull.worker.capture.CaptureHandler;
import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.SourceState;
import io.lull.worker.capture.StagingArea;
import io.lull.worker.capture.StreamLayout;
import io.lull.worker.output.OutputGate;
import io.lull.worker.qemu.PausedFrames;
import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source whose guest doesn't send what waited for it in QEMU when it is let run late: after a pause of {@link
 * Commits#LATE_NANOS} or more, in which the backup may have taken the VM over, or at the source's end. See {@link PausedFrames}.
 *
 * <p>Not at an end where nothing waits: the gate has let nothing go since some ms before the last trigger, at which the guest ran and
 * sent what had waited before. For to cut a guest off has a price: its system forgets who is where on its network, and when output is held from
 * then on, as at a backup's loss, it can't ask anybody. Linux gives up the connections that clients are about to make after three
 * seconds of that, and resets them once its first answer, which had been held, comes to them after all.
 */
final class CutOffSource implements CheckpointSource {
    private static final Logger LOG = LoggerFactory.getLogger(CutOffSource.class);

    /** While the guest runs QEMU takes what it is given, and sends it, in less; it is still at that when the guest is told to stop. */
    private static final long TAKEN_NANOS = 3_000_000;

    private final CheckpointSource source;
    private final PausedFrames frames;
    private final Qmp qmp;
    private final LongSupplier nanoClock;
    private final LongPredicate quietSince;
    private volatile boolean triggered;
    private volatile long triggeredAtNanos;

    /** @param quietSince whether the gate has let nothing go since then; see {@link OutputGate#hasBeenQuietSince} */
    CutOffSource(
            CheckpointSource source, PausedFrames frames, Qmp qmp, LongSupplier nanoClock, LongPredicate quietSince) {
        this.source = source;
        this.frames = frames;
        this.qmp = qmp;
        this.nanoClock = nanoClock;
        this.quietSince = quietSince;
    }

    @Override
    public SourceState state() {
        return source.state();
    }

    @Override
    public String stateReason() {
        return source.stateReason();
    }

    @Override
    public void run(CaptureHandler handler) throws IOException {
        source.run(new Resumes(handler));
    }

    @Override
    public void onQemuEvent(QmpEvent event) {
        source.onQemuEvent(event);
    }

    @Override
    public boolean pause() throws IOException {
        long nowNanos = nanoClock.getAsLong();
        boolean willPause = source.pause();
        if (willPause) {
            triggeredAtNanos = nowNanos;
            triggered = true;
        }
        return willPause;
    }

    @Override
    public boolean watchdog(long limitNanos) {
        return source.watchdog(limitNanos);
    }

    @Override
    public void close(boolean leaves) {
        if (leaves && !nothingWaits()) {
            // In whatever state: an operator may have stopped it, and leaving COLO lets it run for a moment.
            cutOff();
        }
        source.close(leaves);
        reconnect();
    }

    /** A pause that is late already is that of a QEMU which may not have run at the trigger. */
    private boolean nothingWaits() {
        return triggered
                && nanoClock.getAsLong() - triggeredAtNanos < Commits.LATE_NANOS
                && quietSince.test(triggeredAtNanos - TAKEN_NANOS);
    }

    /** A guest that stands still is worse than a frame too many. */
    private synchronized void cutOff() {
        try {
            frames.cutOff(qmp);
        } catch (IOException e) {
            LOG.warn("frames that wait for the guest to run may leave when it does", e);
        }
    }

    private synchronized void reconnect() {
        try {
            frames.reconnect(qmp);
        } catch (IOException e) {
            LOG.warn("the guest's network may be disconnected: say set_link at QEMU's monitor", e);
        }
    }

    /** Passes all on, and looks at the time before the guest is let run. */
    private final class Resumes implements CaptureHandler {
        private final CaptureHandler next;

        Resumes(CaptureHandler next) {
            this.next = next;
        }

        @Override
        public void layout(StreamLayout layout) throws IOException {
            next.layout(layout);
        }

        @Override
        public void initialPages(StagingArea pages) throws IOException {
            next.initialPages(pages);
        }

        @Override
        public StagingArea nextStaging() throws IOException {
            reconnect();
            return next.nextStaging();
        }

        @Override
        public void pending() {
            next.pending();
        }

        @Override
        public void paused(long pausedAtNanos) throws IOException {
            next.paused(pausedAtNanos);
        }

        @Override
        public void beforeResume(StagingArea pages) throws IOException {
            next.beforeResume(pages);
        }

        @Override
        public boolean standsStill(long pausedAtNanos) {
            return next.standsStill(pausedAtNanos);
        }

        @Override
        public void awaitRun() throws IOException {
            next.awaitRun();
        }

        @Override
        public void resuming(long pausedAtNanos) {
            if (nanoClock.getAsLong() - pausedAtNanos >= Commits.LATE_NANOS) {
                cutOff();
            }
            next.resuming(pausedAtNanos);
        }

        @Override
        public void resumed(Capture capture) {
            next.resumed(capture);
        }
    }
}
