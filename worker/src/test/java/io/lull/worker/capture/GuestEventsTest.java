package io.lull.worker.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Of the guest's stops it is known which were the worker's. */
class GuestEventsTest {
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
    void aResetIsKept() {
        assertThat(events.reset()).isFalse();
        events.take("RESET");
        events.take("RESUME");
        assertThat(events.reset()).isTrue();
    }
}
