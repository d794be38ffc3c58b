package io.lull.policy.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.HardLimits;
import io.lull.policy.WaitRule;
import io.lull.policy.fixture.TestSample;
import org.junit.jupiter.api.Test;

class WaitJudgeTest {
    private static final long MS = 1_000_000;

    /** Ten clients, a slot each millisecond, a pause of 1 ms, a tenth of the VM lost on the average. */
    private static final WaitRule PLAIN = rule(0.1, 0, 1000, 0);

    /** The same beside a load that keeps the vCPUs busy: an answered server still loses its pause. */
    private static final WaitRule LOADED = rule(0.4, 1, 1000, 0);

    private static WaitRule rule(
            double averageLossRatio, double answeredBusyRatio, double slotsPerSecond, double pauseNanosPerPage) {
        return new WaitRule(
                1,
                averageLossRatio,
                10,
                0.05,
                answeredBusyRatio,
                MS,
                pauseNanosPerPage,
                slotsPerSecond,
                Long.MAX_VALUE);
    }

    /** Ten connections, {@code answered} of them with a frame held, the vCPUs {@code busy}. */
    private static TriggerInput input(int answered, double busy) {
        TriggerInput input = new TriggerInput(TestSample.VM, HardLimits.DEFAULT);
        input.sample.load(TestSample.lull(1, 5 * MS).busy(busy).held(answered).build());
        input.sample.connections = 10;
        input.sample.requestsPending = 10 - answered;
        return input;
    }

    @Test
    void goesOnWhileNothingIsHeld() {
        assertThat(WaitJudge.ends(rule(0, 0, 0, 0), input(0, 0))).isFalse();
        assertThat(WaitJudge.ends(LOADED, input(0, 1))).isFalse();
    }

    @Test
    void goesOnWhileTheServerWorksAndALullIsNear() {
        for (int answered = 1; answered <= 5; answered++) {
            assertThat(WaitJudge.ends(PLAIN, input(answered, 1)))
                    .as("%s of 10 answered", answered)
                    .isFalse();
        }
    }

    @Test
    void firesAtOnceWhenAllAreAnsweredWithoutASettlingTime() {
        assertThat(WaitJudge.ends(PLAIN, input(10, 1))).isTrue();
    }

    @Test
    void waitsForNoLullThatNeverComes() {
        WaitRule without = rule(0.1, 0, 0, 0);

        assertThat(WaitJudge.ends(without, input(5, 1))).isTrue();
        assertThat(WaitJudge.ends(without, input(1, 1)))
                .as("the wait has just reached the average")
                .isTrue();
        assertThat(WaitJudge.ends(rule(0.11, 0, 0, 0), input(1, 1))).isFalse();
    }

    @Test
    void besideABackgroundLoadFiresAsSoonAsTheWaitPassesTheAverage() {
        assertThat(WaitJudge.ends(LOADED, input(3, 1))).isFalse();
        assertThat(WaitJudge.ends(LOADED, input(4, 1))).isTrue();
    }

    @Test
    void firesForAGuestThatRestsWithOutputHeldAlthoughRequestsArePending() {
        TriggerInput input = input(3, 0);
        assertThat(input.sample.requestsPending).isPositive();
        assertThat(WaitJudge.ends(PLAIN, input)).isTrue();

        input.sample.diskInFlight = 1;
        assertThat(WaitJudge.ends(rule(0.4, 0, 1000, 0), input))
                .as("it waits for its disk: nothing but answered clients wait")
                .isFalse();
    }

    @Test
    void countsAllThatIsHeldWhenTheGuestRestsAndOnlyAnsweredClientsWhenItWorks() {
        WaitRule without = rule(0.5, 0, 0, 0);
        TriggerInput works = input(2, 1);
        works.sample.heldPackets = 10;
        TriggerInput rests = input(2, 0);
        rests.sample.heldPackets = 10;

        assertThat(WaitJudge.ends(without, works)).isFalse();
        assertThat(WaitJudge.ends(without, rests)).isTrue();
    }

    @Test
    void doesNotLetAPauseGrowThatCostsMoreTheLongerItWaits() {
        WaitRule growing = rule(0.6, 1, 1000, 1000);
        TriggerInput input = input(2, 1);
        input.dirtyPagesPerSecond = 300_000; // 0.3 ns of pause more each ns.
        assertThat(WaitJudge.ends(growing, input)).isFalse();

        input.dirtyPagesPerSecond = 400_000;
        assertThat(WaitJudge.ends(growing, input)).isTrue();
    }

    @Test
    void theDearerThePauseTheLongerItWaitsForALull() {
        WaitRule byPages = rule(0.1, 0, 1000, 100);
        TriggerInput input = input(6, 1);
        assertThat(WaitJudge.ends(byPages, input)).isTrue();

        input.dirtyPages = 10_000; // Another 1 ms.
        assertThat(WaitJudge.ends(byPages, input)).isFalse();
    }

    @Test
    void doesNotTakeASampleThatReachesBackOverThePauseForARest() {
        TriggerInput input = input(3, 0);
        assertThat(WaitJudge.rests(input.sample, 0.05)).isTrue();

        input.sample.elapsedNanos = input.sample.intervalNanos - 1;
        assertThat(WaitJudge.rests(input.sample, 0.05)).isFalse();
        input.sample.elapsedNanos = 5 * MS;
        input.sample.vcpus = 0;
        assertThat(WaitJudge.rests(input.sample, 0.05)).isFalse();
    }
}
