package io.lull.job.schedule;

import java.io.IOException;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.jspecify.annotations.Nullable;

/**
 * The one processing-time timer of the current VM. Deadlines are pushed back with every sample; the timer is not: it
 * fires at what was the deadline, and whoever it wakes looks at what the deadline is now and arms it again. A timer that
 * is put back costs ten times as much as one that is left alone.
 */
final class VmTimer {
    private final ValueState<Long> armedMillis;

    VmTimer(RuntimeContext context) {
        armedMillis = context.getState(new ValueStateDescriptor<>("timer", Types.LONG));
    }

    /** Sees to it that the timer fires at {@code atMicros} or earlier. */
    void arm(TimerService timers, long atMicros) throws IOException {
        // Rounded up, so that the deadline has passed when it fires.
        long atMillis = atMicros / 1000 + 1;
        @Nullable Long armed = armedMillis.value();
        if (armed != null && armed <= atMillis) {
            return;
        }
        if (armed != null) {
            timers.deleteProcessingTimeTimer(armed);
        }
        timers.registerProcessingTimeTimer(atMillis);
        armedMillis.update(atMillis);
    }

    /** To be called when it fires. */
    void fired() {
        armedMillis.clear();
    }

    /**
     * As {@link #arm}, from within a timer. Flink goes on with all timers up to the time of the one that fires, whatever its clock says
     * by then: one that a clock which was set back makes due again and again would never let the next record in.
     *
     * @param firesMillis the time of the one that fires
     * @return whether it will fire at that time; if not, it does later than was asked for
     */
    boolean armAgain(TimerService timers, long atMicros, long firesMillis) throws IOException {
        long earliestMicros = firesMillis * 1000;
        arm(timers, Math.max(atMicros, earliestMicros));
        return atMicros >= earliestMicros;
    }
}
