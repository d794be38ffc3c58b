package io.lull.worker.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of the guest's stops it is known which were the worker's. */
@Timeout(60)
class GuestEventsTest {
    private static final long LONG_NANOS = 60_000_000_000L;
    private static final long SHORT_NANOS = 20_000_000;

    private final GuestEvents events = new GuestEvents();

    @Test
    void anExpectedStopIsTheWorkersAndNoOther() {
        events.expectStop();
        assertThat(events.take("STOP")).isFalse();
        assertThat(events.stoppedByOthers()).isFalse();

        events.take("RESUME");
        assertThat(events.take("STOP")).isTrue();
        assertThat(events.stoppedByOthers()).isTrue();

        events.take("RESUME");
        assertThat(events.stoppedByOthers()).isFalse();
        assertThat(events.resumes()).isEqualTo(2);
        assertThat(events.resumesOfOwnStops()).isEqualTo(1);
    }

    @Test
    void aStopThatFollowsTheWorkersAtOnceIsSomebodyElses() {
        events.expectStop();
        events.take("STOP");
        events.take("RESUME");

        assertThat(events.take("STOP"))
                .as("before the worker has heard that the guest runs")
                .isTrue();
    }

    @Test
    void aStopThatIsAnnouncedTwiceIsOneStop() {
        events.expectStop();
        events.expectStop();
        events.take("STOP");
        events.take("RESUME");
        events.expectStop();
        events.take("RESUME");

        assertThat(events.take("STOP"))
                .as("the guest was let run since the last announcement")
                .isTrue();
    }

    @Test
    void aStopThatNeededNoEventIsNotExpectedForEver() {
        events.expectStop();
        events.take("RESUME");

        assertThat(events.take("STOP")).isTrue();
    }

    @Test
    void aResumeThatIsHeardLateIsOfThePauseBefore() {
        events.expectStop();
        events.take("STOP");
        events.expectStop();
        events.take("RESUME");

        assertThat(events.take("STOP")).isFalse();
        events.take("RESUME");
        assertThat(events.resumesOfOwnStops()).isEqualTo(2);
    }

    @Test
    void whatWasLetRunBeforeAnyStopWasExpectedMakesNoDifference() {
        events.take("RESUME");
        events.take("RESUME");
        events.expectStop();
        events.take("RESUME");

        assertThat(events.take("STOP")).as("the expected one needed no event").isTrue();
    }

    @Test
    void anExpectedStopThatOthersHadOrderedFirstIsForgotten() {
        events.take("STOP");
        events.expectStop();
        events.take("RESUME");
        assertThat(events.take("STOP")).isTrue();
        events.take("RESUME");

        events.expectStop();
        events.take("STOP");
        events.take("RESUME");
        assertThat(events.resumesOfOwnStops()).isEqualTo(1);
        assertThat(events.take("STOP")).isTrue();
    }

    @Test
    void aResumeThatCameAlreadyIsNotWaitedFor() throws Exception {
        events.take("RESUME");

        assertThat(events.awaitResumeAfter(0, LONG_NANOS)).isTrue();
    }

    @Test
    void aResumeIsWaitedForNoLongerThanTheLimit() throws Exception {
        events.take("RESUME");
        long beganNanos = System.nanoTime();

        assertThat(events.awaitResumeAfter(1, SHORT_NANOS)).isFalse();

        assertThat(System.nanoTime() - beganNanos).isGreaterThanOrEqualTo(SHORT_NANOS);
    }

    @Test
    void whoeverWaitsIsWokenByAResumeAndByNothingElse() throws Exception {
        CompletableFuture<Boolean> came = CompletableFuture.supplyAsync(() -> {
            try {
                return events.awaitResumeAfter(0, LONG_NANOS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        events.take("STOP");
        assertThatThrownBy(() -> came.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        events.take("RESUME");

        assertThat(came.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aResetIsKept() {
        assertThat(events.reset()).isFalse();
        events.take("RESET");
        events.take("RESUME");
        assertThat(events.reset()).isTrue();
    }
}
