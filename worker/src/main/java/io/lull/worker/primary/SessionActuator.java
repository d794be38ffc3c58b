package io.lull.worker.primary;

import io.lull.worker.colo.ColoSource;
import io.lull.worker.colo.ColoState;
import java.io.IOException;

/** Acts on a session's source, which pauses the guest, and tells its pipeline why. */
final class SessionActuator implements Actuator {
    private final ColoSource source;
    private final EpochPipeline pipeline;
    private final SessionEvents events;
    private final long watchdogNanos;

    SessionActuator(ColoSource source, EpochPipeline pipeline, SessionEvents events, long watchdogNanos) {
        this.source = source;
        this.pipeline = pipeline;
        this.events = events;
        this.watchdogNanos = watchdogNanos;
    }

    @Override
    public ColoState state() {
        return source.state();
    }

    @Override
    public void pause(Firing firing) throws IOException {
        pipeline.fire(firing);
        source.reply();
    }

    @Override
    public void watch() {
        if (source.watchdog(watchdogNanos)) {
            events.failed("a checkpoint took longer than " + watchdogNanos / 1_000_000 + " ms");
        }
    }

    @Override
    public void failed(String reason) {
        events.failed(reason);
    }
}
