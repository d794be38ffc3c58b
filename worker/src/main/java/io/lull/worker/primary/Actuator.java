package io.lull.worker.primary;

import io.lull.worker.colo.ColoSource;
import io.lull.worker.colo.ColoState;
import java.io.IOException;

/** What the trigger acts on in one session: the source that pauses the guest, and the pipeline that learns why. */
final class Actuator {
    private final ColoSource source;
    private final EpochPipeline pipeline;
    private final SessionEvents events;
    private final long watchdogNanos;

    Actuator(ColoSource source, EpochPipeline pipeline, SessionEvents events, long watchdogNanos) {
        this.source = source;
        this.pipeline = pipeline;
        this.events = events;
        this.watchdogNanos = watchdogNanos;
    }

    ColoState state() {
        return source.state();
    }

    /** Tells QEMU to pause the guest. */
    void pause(Firing firing) throws IOException {
        pipeline.fire(firing);
        source.reply();
    }

    /** Gives up a checkpoint that stalls, so that the guest runs on. */
    void watch() {
        if (source.watchdog(watchdogNanos)) {
            events.failed("a checkpoint took longer than " + watchdogNanos / 1_000_000 + " ms");
        }
    }

    void failed(String reason) {
        events.failed(reason);
    }
}
