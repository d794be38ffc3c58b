package io.lull.worker.primary;

import io.lull.worker.capture.CheckpointSource;
import io.lull.worker.capture.SourceState;
import java.io.IOException;

/** Acts on a session's source, which pauses the guest, and tells its pipeline why. */
final class SessionActuator implements Actuator {
    private final CheckpointSource source;
    private final EpochPipeline pipeline;
    private final SessionEvents events;
    private final long watchdogNanos;

    SessionActuator(CheckpointSource source, EpochPipeline pipeline, SessionEvents events, long watchdogNanos) {
        this.source = source;
        this.pipeline = pipeline;
        this.events = events;
        this.watchdogNanos = watchdogNanos;
    }

    @Override
    public SourceState state() {
        SourceState now = source.state();
        return now == SourceState.PENDING && (events.areOver() || !pipeline.mayPause()) ? SourceState.RUNNING : now;
    }

    @Override
    public void pause(Firing firing) throws IOException {
        pipeline.fire(firing);
        source.pause();
    }

    @Override
    public void watch() {
        SourceState before = source.state();
        if (source.watchdog(watchdogNanos)) {
            events.stalled("the guest stood still for too long (" + before + ")");
        }
    }

    @Override
    public void failed(String reason) {
        events.failed(reason);
    }
}
