package io.lull.local.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.client.DownloadReport;
import io.lull.local.client.IncrReport;
import io.lull.local.client.IncrTally;
import io.lull.local.scenario.Verdicts.Verdict;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a scenario is made to say of clients that saw something wrong. */
class VerdictsTest {
    private final Verdicts verdicts = new Verdicts();

    @Test
    void aClientThatSawEachReplyOnceIsNotFlagged() {
        ClientVerdicts.incr(verdicts, seen(true, LongStream.rangeClosed(1, 50).toArray()));

        assertThat(failed()).isEmpty();
    }

    @Test
    void aLostReplyIsFlagged() {
        ClientVerdicts.incr(verdicts, seen(true, 1, 2, 4));

        assertThat(failed()).containsExactly("no reply lost");
    }

    @Test
    void aDoubledReplyIsFlagged() {
        ClientVerdicts.incr(verdicts, seen(true, 1, 2, 2, 3));

        assertThat(failed()).containsExactly("no reply doubled");
    }

    @Test
    void aDeadConnectionIsFlagged() {
        ClientVerdicts.incr(verdicts, seen(false, 1, 2, 3));

        assertThat(failed()).containsExactly("the INCR connection is alive");
    }

    @Test
    void aVmThatNeverAnswersAfterTheKillIsFlaggedHoweverManyRepliesCameBefore() {
        IncrReport onlyOneOnItsWay = seen(true, LongStream.rangeClosed(1, 1001).toArray());

        ClientVerdicts.answeredSince(verdicts, 1000, onlyOneOnItsWay);

        assertThat(failed()).containsExactly("the backup's VM answered");
    }

    @Test
    void aVmThatAnswersAfterTheKillIsNot() {
        ClientVerdicts.answeredSince(
                verdicts, 48, seen(true, LongStream.rangeClosed(1, 50).toArray()));

        assertThat(failed()).isEmpty();
    }

    @Test
    void aDownloadThatWasCutOffOrCameWrongIsFlagged() {
        ClientVerdicts.download(verdicts, new DownloadReport(false, 10, "ab", 0), "ab");
        ClientVerdicts.download(verdicts, new DownloadReport(true, 20, "ac", 0), "ab");

        assertThat(failed()).containsExactly("the download is whole", "the download's MD5 is right");
    }

    @Test
    void aRateThatOneTryReachedIsNotMissedByTheNext() {
        verdicts.timing("fast", true, 9);
        verdicts.timing("quick", false, 2);
        ReachedEarlier reached = ReachedEarlier.in(verdicts.all());
        Verdicts now = new Verdicts();
        now.timing("fast", false, 3);
        now.timing("quick", true, 8);

        assertThat(reached.missed(now.all())).isEmpty();
        assertThat(reached.text(now.all())).isEqualTo("  reached in an earlier try: fast\n");
    }

    @Test
    void aRateThatNoTryReachedIsMissed() {
        verdicts.timing("fast", false, 2);

        assertThat(ReachedEarlier.in(verdicts.all()).missed(verdicts.all())).isEqualTo(verdicts.all());
    }

    @Test
    void aPromiseMustHoldInEachTry() {
        verdicts.check("safe", true, 1);
        ReachedEarlier reached = ReachedEarlier.in(verdicts.all());
        Verdicts now = new Verdicts();
        now.check("safe", false, 0);

        assertThat(reached.missed(now.all())).isEqualTo(now.all());
        assertThat(reached.text(now.all())).isEmpty();
    }

    @Test
    void aMissOfRatesOrTimesIsToldFromABrokenPromise() {
        verdicts.check("safe", true, 1);
        verdicts.timing("fast", false, 2);
        verdicts.check("safe too", false, 3);

        assertThat(Verdicts.text(verdicts.all()).lines())
                .containsExactly(
                        "  held    safe (seen: 1)", "  FAILED  fast (seen: 2; timing)", "  FAILED  safe too (seen: 3)");
    }

    private List<String> failed() {
        return verdicts.all().stream()
                .filter(verdict -> !verdict.held())
                .map(Verdict::claim)
                .toList();
    }

    private static IncrReport seen(boolean alive, long... numbers) {
        IncrTally tally = new IncrTally(0);
        for (long number : numbers) {
            tally.reply(number, 0);
        }
        return tally.report(alive);
    }
}
