package io.lull.job.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.fixture.Reports;
import io.lull.job.fixture.Samples;
import io.lull.policy.signal.VmSample;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final long SILENCE_MICROS = 1_000_000;
    private static final long HOUR_MICROS = 3_600_000_000L;

    private final Admission admission = new Admission(SILENCE_MICROS);
    private final AdmissionState state = new AdmissionState();
    private long nowMicros = HOUR_MICROS * 1000;

    private Verdict see(String host, long epoch, long elapsedMillis, long hostMicros) {
        nowMicros += 1000;
        VmSample sample = Samples.on(host, Samples.busy(epoch, elapsedMillis, hostMicros));
        return admission.onSample(state, sample, nowMicros);
    }

    private Verdict report(String host, long epoch, long endedAtMicros) {
        return admission.onReport(state, Reports.on(host, epoch, endedAtMicros, 1000));
    }

    @Test
    void theFirstSampleMakesAVmKnownAndAReportDoesNot() {
        assertThat(report("a", 7, 1000)).isEqualTo(Verdict.UNKNOWN_VM);
        assertThat(state.known).isFalse();
        assertThat(see("a", 7, 1, 1000)).isEqualTo(Verdict.NEXT);
        assertThat(report("a", 7, 1000)).isEqualTo(Verdict.NEXT);
    }

    @Test
    void samplesThatComeAgainOrLateArePassedOver() {
        see("a", 7, 5, 5000);

        assertThat(see("a", 7, 5, 5000)).isEqualTo(Verdict.DUPLICATE);
        assertThat(see("a", 7, 4, 4000)).isEqualTo(Verdict.REORDERED);
        assertThat(see("a", 6, 20, 3000)).isEqualTo(Verdict.REORDERED);
        assertThat(state.epoch).isEqualTo(7);
        assertThat(state.sampledAtMicros).isEqualTo(5000);
        assertThat(see("a", 7, 6, 6000)).isEqualTo(Verdict.NEXT);
        assertThat(see("a", 8, 1, 7000)).isEqualTo(Verdict.NEXT);
    }

    @Test
    void reportsThatComeAgainOrLateArePassedOver() {
        see("a", 9, 5, 5000);
        report("a", 7, 1000);
        report("a", 8, 2000);

        assertThat(report("a", 8, 2000)).isEqualTo(Verdict.DUPLICATE);
        assertThat(report("a", 7, 1000)).isEqualTo(Verdict.REORDERED);
        assertThat(report("a", 9, 3000)).isEqualTo(Verdict.NEXT);
        assertThat(report("b", 10, 4000)).isEqualTo(Verdict.OTHER_HOST);
    }

    @Test
    void aClockThatIsSetBackAnHourIsFollowedAtOnce() {
        see("a", 7, 5, HOUR_MICROS);

        assertThat(see("a", 7, 6, 6000)).isEqualTo(Verdict.NEXT);
        assertThat(see("a", 8, 1, 7000)).isEqualTo(Verdict.NEXT);
    }

    @Test
    void aWorkerThatCountsItsEpochsAnewIsFollowedAtOnce() {
        see("a", 7, 5, 5000);
        report("a", 6, 4000);

        assertThat(see("a", 1, 1, 6000)).isEqualTo(Verdict.RESTARTED);
        assertThat(see("a", 1, 2, 7000)).isEqualTo(Verdict.NEXT);
        assertThat(report("a", 1, 7000)).isEqualTo(Verdict.NEXT);
    }

    @Test
    void afterSilenceWhateverComesIsNew() {
        see("a", Long.MAX_VALUE, 5, Long.MAX_VALUE);
        assertThat(see("a", 7, 1, 1000)).isEqualTo(Verdict.REORDERED);
        nowMicros += SILENCE_MICROS;

        assertThat(see("a", 7, 1, 1000)).isEqualTo(Verdict.RESTARTED);
    }

    @Test
    void aReportOfAnEpochThatCanNotBeYetLocksNoLaterOneOut() {
        see("a", 7, 5, 5000);
        assertThat(report("a", Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(Verdict.NEXT);

        assertThat(report("a", 7, 6000)).isEqualTo(Verdict.NEXT);
        assertThat(report("a", 7, 6000)).isEqualTo(Verdict.DUPLICATE);
        assertThat(report("a", 6, 5000)).isEqualTo(Verdict.REORDERED);
    }

    @Test
    void aWorkerThatCountsAnewUnderAClockThatWasSetBackIsHeardOfReportsToo() {
        see("a", 7_000, 5, HOUR_MICROS);
        report("a", 6_999, HOUR_MICROS);
        nowMicros += SILENCE_MICROS;
        assertThat(see("a", 2, 5, 5000)).isEqualTo(Verdict.RESTARTED);

        assertThat(report("a", 1, 4000)).isEqualTo(Verdict.NEXT);
        assertThat(report("a", 2, 6000)).isEqualTo(Verdict.NEXT);
    }

    @Test
    void aSilenceCountsFromWhenTheJobsClockWasSetBack() {
        see("a", 7, 2, 2000);
        see("b", 1, 1, 1000);
        nowMicros -= HOUR_MICROS;

        assertThat(see("a", 7, 3, 3000)).isEqualTo(Verdict.OTHER_HOST);
        nowMicros += SILENCE_MICROS;
        assertThat(see("a", 7, 4, 4000)).isEqualTo(Verdict.MOVED);
    }

    @Test
    void whileTwoHostsReportAVmTheNewcomerIsBelievedAndTheOtherPassedOver() {
        see("a", 7, 5, HOUR_MICROS);
        assertThat(see("b", 1, 1, 1000)).isEqualTo(Verdict.MOVED);
        for (int i = 2; i < 2000; i++) {
            assertThat(see("a", 7, 5 + i, HOUR_MICROS + i * 1000L)).isEqualTo(Verdict.OTHER_HOST);
            assertThat(see("b", 1, i, i * 1000L)).isEqualTo(Verdict.NEXT);
        }
        assertThat(report("a", 7, HOUR_MICROS)).isEqualTo(Verdict.OTHER_HOST);
        assertThat(report("b", 1, 2000)).isEqualTo(Verdict.NEXT);
    }

    @Test
    void aFormerHostIsBelievedAgainOnceTheOneThatIsBelievedIsSilent() {
        see("a", 7, 5, 5000);
        see("b", 1, 1, 1000);
        nowMicros += SILENCE_MICROS - 2000;
        assertThat(see("a", 8, 1, 6000)).isEqualTo(Verdict.OTHER_HOST);

        assertThat(see("a", 8, 2, 7000)).isEqualTo(Verdict.MOVED);
        assertThat(see("b", 1, 2, 2000)).as("now b is the former one").isEqualTo(Verdict.OTHER_HOST);
    }

    @Test
    void remembersFewHostsHoweverManyComeAndHoweverLongTheirNames() {
        for (int i = 0; i < 1000; i++) {
            assertThat(see(i + "x".repeat(10_000), 1, 1, 1000)).isEqualTo(i == 0 ? Verdict.NEXT : Verdict.MOVED);
        }
        assertThat(state.formerHosts).hasSize(Admission.MAX_FORMER).allMatch(host -> host.length() == 64);
        assertThat(state.formerHosts[Admission.MAX_FORMER - 1]).startsWith("998");
        assertThat(see("996" + "x".repeat(10_000), 1, 1, 1000)).isEqualTo(Verdict.OTHER_HOST);
    }

    @Test
    void neverGoesBackWithinAnEpochWhateverTheOrder() {
        long seed = 17;
        Random random = new Random(seed);
        long lastEpoch = 0;
        long lastElapsedMillis = 0;
        for (int i = 0; i < 20_000; i++) {
            long at = (long) i / 10 + random.nextInt(10);
            long epoch = 1 + at / 25;
            long elapsedMillis = at % 25;
            if (see("a", epoch, elapsedMillis, at * 1000).admitted()) {
                assertThat(epoch * 25 + elapsedMillis)
                        .as("seed %s, sample %s", seed, i)
                        .isGreaterThan(lastEpoch * 25 + lastElapsedMillis);
                lastEpoch = epoch;
                lastElapsedMillis = elapsedMillis;
            }
        }
        assertThat(lastEpoch).isGreaterThan(70);
    }
}
