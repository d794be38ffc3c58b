package io.lull.policy.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.HardLimits;
import io.lull.policy.ServiceRule;
import io.lull.policy.ServicesRule;
import io.lull.policy.WaitRule;
import io.lull.policy.fixture.TestSample;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitJudgeTest {
    private static final long MS = 1_000_000;
    private static final double MICRO = 1_000;

    /** A conversation of ten frames, a slot each millisecond, a pause of 1 ms, a tenth of the VM lost on the average. */
    private static final Rule PLAIN = new Rule(1, 0.1, 0, 1000);

    /** The same without any lull to come. */
    private static final Rule RESTLESS = new Rule(1, 0.1, 0, 0);

    /**
     * What the tests vary of a rule; frames take no time, the gap is 0, nothing is stuck, and a server that has all the
     * work it can do keeps all vCPUs busy.
     */
    private record Rule(
            double waitPriceRatio, double averageLossRatio, double answeredBusyRatio, double slotsPerSecond) {
        Rule average(double ratio) {
            return new Rule(waitPriceRatio, ratio, answeredBusyRatio, slotsPerSecond);
        }

        boolean ends(TriggerInput input) {
            return WaitJudge.ends(ahead(0, 0, 0, 1, 0), input);
        }

        boolean endsAhead(double nanosPerPacket, double gapNanos, TriggerInput input) {
            return WaitJudge.ends(ahead(0, nanosPerPacket, gapNanos, 1, 0), input);
        }

        boolean endsWithStuck(int stuckRequests, TriggerInput input) {
            return WaitJudge.ends(ahead(stuckRequests, 0, 0, 1, 0), input);
        }

        boolean endsSaturatedAt(double saturatedBusyRatio, TriggerInput input) {
            return WaitJudge.ends(ahead(0, 0, 0, saturatedBusyRatio, 0), input);
        }

        boolean endsWithPages(double pauseNanosPerPage, TriggerInput input) {
            return WaitJudge.ends(ahead(0, 0, 0, 1, pauseNanosPerPage), input);
        }

        private WaitRule ahead(
                int stuckRequests,
                double nanosPerPacket,
                double gapNanos,
                double saturatedBusyRatio,
                double pauseNanosPerPage) {
            return new WaitRule(
                    waitPriceRatio,
                    averageLossRatio,
                    10,
                    stuckRequests,
                    nanosPerPacket,
                    gapNanos,
                    saturatedBusyRatio,
                    0.05,
                    answeredBusyRatio,
                    MS,
                    pauseNanosPerPage,
                    slotsPerSecond,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    ServicesRule.NONE);
        }
    }

    /** Ten clients, {@code answered} of them with a frame of this epoch held, the vCPUs {@code busy}. */
    private static TriggerInput input(int answered, double busy) {
        return input(1, answered, 10 - answered, busy);
    }

    private static TriggerInput input(long epoch, int held, int pending, double busy) {
        TriggerInput input = new TriggerInput(TestSample.VM, HardLimits.DEFAULT);
        input.sample.load(TestSample.lull(epoch, 5 * MS)
                .busy(busy)
                .held(held)
                .pending(pending)
                .build());
        return input;
    }

    @Test
    void goesOnWhileNothingIsHeld() {
        assertThat(PLAIN.average(0).ends(input(0, 0))).isFalse();
        assertThat(RESTLESS.average(0).ends(input(0, 1))).isFalse();
    }

    /**
     * A VM whose conversation as a whole is never worth a checkpoint: on port 80 ten clients at once, of which a moment is
     * worth 2 and 0.8 is lost on the average; on port 22 one client, worth 5, with a loss of 2.
     */
    private static boolean endsForServices(double besidesLoss, TriggerInput input) {
        return WaitJudge.ends(
                new WaitRule(
                        0.05,
                        1,
                        10,
                        0,
                        0,
                        0,
                        1,
                        0.05,
                        1,
                        MS,
                        0,
                        0,
                        Long.MAX_VALUE,
                        Long.MAX_VALUE,
                        new ServicesRule(
                                besidesLoss, List.of(new ServiceRule(80, 10, 2, 0.8), new ServiceRule(22, 1, 5, 2)))),
                input);
    }

    @Test
    void firesForAServiceThatStarvesHoweverBusyAnotherIs() {
        TriggerInput input = input(1, 3, 5, 1);
        input.sample.addService(80, 2, 2, 8);
        assertThat(endsForServices(0, input))
                .as("those of port 80 are being served")
                .isFalse();
        input.sample.addService(22, 1, 1, 0);
        assertThat(endsForServices(0, input))
                .as("5 - 2 of port 22, less 0.8 of port 80")
                .isTrue();
        assertThat(endsForServices(2.5, input))
                .as("less 2.5 of the work beside them")
                .isFalse();
    }

    @Test
    void aServiceWhoseClientsAreGoneIsNotCounted() {
        TriggerInput input = input(1, 9, 0, 1);
        input.sample.addService(80, 9, 9, 0);
        assertThat(endsForServices(0.9, input)).as("0.9 · 2 - 0.8 = 1").isTrue();
        assertThat(endsForServices(1.1, input)).isFalse();
        input.sample.addService(22, 0, 0, 1);
        assertThat(endsForServices(0.9, input))
                .as("that of port 22 is being served: less 2")
                .isFalse();
    }

    @Test
    void aServiceThatWaitsForACommitUnderWayGoesOnWhenItIsReleased() {
        TriggerInput input = input(1, 3, 0, 1);
        input.sample.addService(80, 10, 10, 0);
        assertThat(endsForServices(0, input)).isTrue();
        input.sample.addService(22, 0, 1, 0);
        assertThat(endsForServices(0, input))
                .as("2 - 0.8 of port 80, less 2 of port 22")
                .isFalse();
    }

    @Test
    void workBesideTheServicesIsNotCountedWhileTheGuestRests() {
        TriggerInput busy = input(1, 3, 0, 0.06);
        busy.sample.addService(80, 10, 10, 0);
        assertThat(endsForServices(1.3, busy)).as("2 - 0.8 = 1.2").isFalse();
        TriggerInput rests = input(1, 3, 0, 0.04);
        rests.sample.addService(80, 10, 10, 0);
        assertThat(endsForServices(1.3, rests)).isTrue();
    }

    @Test
    void servicesThatThePlanDoesNotKnowAreNotCounted() {
        TriggerInput input = input(1, 3, 0, 1);
        input.sample.addService(443, 3, 3, 0);
        assertThat(endsForServices(0, input)).isFalse();
    }

    @Test
    void ofAServiceThatWaitsForItsDiskThoseThatWaitAreMissing() {
        TriggerInput input = input(1, 5, 5, 0.5);
        input.sample.addService(80, 5, 5, 5);
        assertThat(endsForServices(0, input)).as("0.5 · 0.5 · 2 of 0.8").isFalse();
        input.sample.addService(22, 1, 1, 0);
        assertThat(endsForServices(2.6, input)).as("3 + 0.5 - 0.8 = 2.7").isTrue();
        assertThat(endsForServices(2.8, input)).isFalse();
    }

    @Test
    void looksAtTheFramesOfTheOpenEpochAlone() {
        TriggerInput input = input(10, 0);
        assertThat(PLAIN.ends(input)).isTrue();

        input.sample.openPackets = 0;
        assertThat(PLAIN.ends(input)).as("all wait for a commit under way").isFalse();
        TriggerInput some = input(1, 10, 0, 1);
        some.sample.openPackets = 2;
        assertThat(RESTLESS.average(0.3).ends(some)).as("a fifth of them").isFalse();
        assertThat(RESTLESS.average(0.1).ends(some)).isTrue();
    }

    @Test
    void goesOnWhileTheServerWorksForOthersHoweverManyWait() {
        for (int answered = 1; answered <= 9; answered++) {
            assertThat(PLAIN.ends(input(answered, 1)))
                    .as("%s of 10 answered", answered)
                    .isFalse();
            assertThat(RESTLESS.ends(input(answered, 1)))
                    .as("%s of 10 answered", answered)
                    .isFalse();
        }
    }

    @Test
    void firesAtOnceWhenAllAreAnsweredWithoutASettlingTime() {
        assertThat(PLAIN.ends(input(10, 1))).isTrue();
        TriggerInput sent = input(10, 1);
        sent.sample.txPackets = 1;
        assertThat(PLAIN.ends(sent)).as("the last answer left just now").isTrue();
    }

    @Test
    void goesOnWhileAnAnsweredServerIsStillSending() {
        TriggerInput input = input(1, 5, 0, 1);
        assertThat(RESTLESS.ends(input)).as("nothing more comes").isTrue();

        input.sample.txPackets = 3;
        assertThat(RESTLESS.ends(input)).isFalse();
    }

    @Test
    void countsRequestsThatAreStuckAsAnswered() {
        TriggerInput input = input(1, 10, 2, 1);
        assertThat(PLAIN.endsWithStuck(2, input)).isTrue();
        assertThat(PLAIN.endsWithStuck(1, input)).isFalse();
    }

    @Test
    void whereNoLullEverComesFiresAsSoonAsWhatWaitsPassesTheAverage() {
        TriggerInput halfStarved = input(4, 0.5);

        assertThat(RESTLESS.average(0.2).ends(halfStarved)).isTrue();
        assertThat(RESTLESS.average(0.21).ends(halfStarved)).isFalse();
        assertThat(RESTLESS.endsSaturatedAt(0.5, halfStarved))
                .as("half of the vCPUs is all that this server can use")
                .isFalse();
    }

    @Test
    void besideABackgroundLoadNoLullIsWorthWaitingFor() {
        Rule loaded = new Rule(1, 0.3, 1, 1000);
        Rule alone = new Rule(1, 0.3, 0, 1000);
        TriggerInput input = input(7, 0.5);

        assertThat(loaded.ends(input)).isTrue();
        assertThat(loaded.average(0.4).ends(input)).isFalse();
        assertThat(alone.ends(input)).as("a pause in a lull costs less").isFalse();
    }

    @Test
    void firesForAGuestThatRestsWithOutputHeldAlthoughRequestsArePending() {
        TriggerInput input = input(3, 0);
        assertThat(input.sample.requestsPending).isPositive();
        assertThat(PLAIN.average(0.4).ends(input)).isTrue();

        input.sample.diskInFlight = 1;
        assertThat(PLAIN.average(0.4).ends(input))
                .as("it waits for its disk: nothing but the answered clients wait")
                .isFalse();
    }

    @Test
    void firesAtRestWhateverTheAverageWhenAPauseTakesNothingMoreThanWhatWaits() {
        assertThat(new Rule(0.6, 0.9, 0.5, 0).ends(input(3, 0))).isTrue();
        assertThat(new Rule(0.2, 0.9, 0.5, 0).ends(input(3, 0)))
                .as("a pause takes more from the background load than it gives to those that wait")
                .isFalse();
        assertThat(new Rule(0.2, 0.1, 0.5, 0).ends(input(3, 0)))
                .as("but what waits has passed the average")
                .isTrue();
    }

    @Test
    void looksAheadOnceTheWorkThatIsLeftFitsIntoTheGap() {
        Rule rule = RESTLESS.average(0.4);
        TriggerInput half = input(5, 1);

        assertThat(rule.endsAhead(100 * MICRO, 600 * MICRO, half)).isTrue();
        assertThat(rule.endsAhead(100 * MICRO, 500 * MICRO, half))
                .as("five frames of work fill the gap")
                .isFalse();
        half.sample.heldPackets = 7;
        assertThat(rule.endsAhead(100 * MICRO, 500 * MICRO, half))
                .as("frames of the epoch before are work that is done")
                .isTrue();
    }

    @Test
    void countsAMomentAheadAtMostHalf() {
        TriggerInput most = input(8, 1);
        assertThat(RESTLESS.average(0.5).endsAhead(MICRO, MS, most)).isTrue();
        assertThat(RESTLESS.average(0.51).endsAhead(MICRO, MS, most)).isFalse();

        TriggerInput few = input(2, 1);
        assertThat(RESTLESS.average(0.2).endsAhead(MICRO, MS, few)).isTrue();
        assertThat(RESTLESS.average(0.21).endsAhead(MICRO, MS, few)).isFalse();
    }

    @Test
    void oneEpochInThirtyTwoWaitsForRest() {
        for (long epoch = 1; epoch <= 64; epoch++) {
            boolean probes = epoch % 32 == 0;
            assertThat(RESTLESS.endsAhead(MS, 0, input(epoch, 6, 4, 0.5)))
                    .as("epoch %s", epoch)
                    .isEqualTo(!probes);
            assertThat(RESTLESS.endsAhead(MS, 0, input(epoch, 6, 4, 0)))
                    .as("epoch %s at rest", epoch)
                    .isTrue();
            assertThat(RESTLESS.endsAhead(MS, 0, input(epoch, 10, 0, 0.5)))
                    .as("epoch %s, all answered", epoch)
                    .isTrue();
        }
    }

    @Test
    void thatEpochWaitsForTwiceTheTimeOfTheWholeConversationAndNoLonger() {
        // Ten frames of 100 us and a gap of 0.25 ms: 2.5 ms.
        TriggerInput input = input(32, 6, 4, 0.5);
        input.sample.elapsedNanos = 2_500_000 - 1;
        assertThat(RESTLESS.endsAhead(100 * MICRO, 250 * MICRO, input)).isFalse();
        input.sample.elapsedNanos = 2_500_000;
        assertThat(RESTLESS.endsAhead(100 * MICRO, 250 * MICRO, input)).isTrue();
    }

    @Test
    void theFirstPagesOfAnEpochDoNotEndIt() {
        Rule growing = new Rule(1, 0.6, 1, 1000);
        TriggerInput input = input(2, 1);

        assertThat(growing.endsWithPages(1000, input)).isFalse();
    }

    @Test
    void theDearerThePauseTheLongerItWaitsForALull() {
        TriggerInput input = input(6, 0.5);
        assertThat(PLAIN.average(0.05).endsWithPages(100, input)).isTrue();

        input.dirtyPages = 10_000; // Another 1 ms.
        assertThat(PLAIN.average(0.05).endsWithPages(100, input)).isFalse();
    }

    /** A rest without output for 2 ms in an epoch with 5 ms of work: a pause takes 1 ms and 0.1 us a page. */
    private static TriggerInput resting() {
        TriggerInput input = input(1, 0, 0, 0);
        input.restNanos = 2 * MS;
        input.workNanos = 5 * MS;
        return input;
    }

    private static boolean getsReady(long readyWorkNanos, TriggerInput input) {
        return getsReady(readyWorkNanos, 0, input);
    }

    private static boolean getsReady(long readyWorkNanos, int stuckRequests, TriggerInput input) {
        WaitRule rule = new WaitRule(
                1,
                0.1,
                10,
                stuckRequests,
                0,
                0,
                1,
                0.05,
                0,
                MS,
                100,
                1000,
                Long.MAX_VALUE,
                readyWorkNanos,
                ServicesRule.NONE);
        return WaitJudge.getsReady(rule, input);
    }

    @Test
    void getsReadyOnceTheGuestHasRestedForAsLongAsThePauseTakes() {
        TriggerInput input = resting();
        input.restNanos = MS;
        assertThat(getsReady(MS, input)).isTrue();
        input.restNanos = MS - 1;
        assertThat(getsReady(MS, input)).isFalse();

        input.restNanos = MS;
        input.dirtyPages = 10_000; // Another 1 ms.
        assertThat(getsReady(MS, input)).isFalse();
        input.restNanos = 2 * MS;
        assertThat(getsReady(MS, input)).isTrue();
    }

    @Test
    void getsReadyOnlyWhereEnoughWasDoneInTheEpoch() {
        assertThat(getsReady(5 * MS, resting())).isTrue();
        assertThat(getsReady(5 * MS + 1, resting())).isFalse();
        assertThat(getsReady(Long.MAX_VALUE, resting())).as("never").isFalse();
    }

    @Test
    void doesNotGetReadyWhileAnythingWaitsOrWorks() {
        TriggerInput held = resting();
        held.sample.heldPackets = 1;
        assertThat(getsReady(MS, held)).as("a commit under way holds a frame").isFalse();
        TriggerInput asked = resting();
        asked.sample.requestsPending = 1;
        assertThat(getsReady(MS, asked)).as("asked").isFalse();
        assertThat(getsReady(MS, 1, asked)).as("what is stuck asks nothing").isTrue();
        TriggerInput working = resting();
        working.sample.busyRatio = 0.05;
        assertThat(getsReady(MS, working)).as("working").isFalse();
        TriggerInput writing = resting();
        writing.sample.diskInFlight = 1;
        assertThat(getsReady(MS, writing)).as("waiting for its disk").isFalse();
    }

    @Test
    void aGuestThatRestsBecauseItsClientsHaveNotReactedYetHasNotSaidAll() {
        Rule average = PLAIN.average(0.4);
        TriggerInput input = input(1, 3, 0, 0);
        assertThat(average.ends(input)).as("nothing was released lately").isTrue();
        input.sinceReleaseNanos = MS - 1;
        assertThat(average.ends(input)).as("three of ten wait").isFalse();
        assertThat(PLAIN.average(0.3).ends(input)).isTrue();

        input.sinceReleaseNanos = MS;
        assertThat(average.ends(input)).as("for as long as a pause takes").isTrue();
        input.dirtyPages = 10_000;
        assertThat(average.endsWithPages(100, input)).as("which is 2 ms now").isFalse();
    }

    @Test
    void aProbeSeesTheWholeConversationThoughMostOfItIsHeldAndMoreIsBeingSent() {
        TriggerInput sending = input(32, 10, 0, 0.5);
        sending.sample.txPackets = 1;
        assertThat(RESTLESS.endsAhead(MS, 0, sending)).isFalse();

        sending.sample.epoch = 33;
        assertThat(RESTLESS.endsAhead(MS, 0, sending)).isTrue();
    }
}
