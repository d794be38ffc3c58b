package io.lull.policy.lull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.ServiceRule;
import io.lull.policy.ServicesRule;
import io.lull.policy.signal.SampleView;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private static final long STEP_NANOS = 1_000_000;
    private static final int WEB = 80;
    private static final int SHELL = 22;

    private final ServicesState state = new ServicesState();

    private static SampleView sample() {
        SampleView sample = new SampleView();
        sample.intervalNanos = STEP_NANOS;
        sample.elapsedNanos = STEP_NANOS;
        sample.busyRatio = 1;
        return sample;
    }

    private void see(int samples, int port, int held, int asking) {
        SampleView sample = sample();
        sample.addService(port, 0, held, asking);
        take(samples, sample);
    }

    private void stand(int samples, int port, int held, int asking) {
        SampleView sample = sample();
        sample.elapsedNanos = 0;
        sample.addService(port, 0, held, asking);
        take(samples, sample);
    }

    private void take(int samples, SampleView sample) {
        for (int i = 0; i < samples; i++) {
            Services.update(state, sample, 1, STEP_NANOS);
        }
    }

    private ServicesRule rule(double besides, double ranRatio) {
        ServicesNumbers numbers = new ServicesNumbers();
        Services.fill(numbers, state, besides, ranRatio);
        return numbers.rule();
    }

    private ServiceRule rule(int port) {
        return rule(0, 1).services().stream()
                .filter(service -> service.port() == port)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aVmWithoutClientsHasNoServices() {
        assertThat(rule(0, 1)).isEqualTo(ServicesRule.NONE);
    }

    @Test
    void aServiceThatNeverStandsStillLosesNothing() {
        see(5_000, WEB, 3, 7);
        assertThat(rule(WEB).priceRatio()).isCloseTo(1, within(1e-6));
        assertThat(rule(WEB).lossRatio()).isCloseTo(0, within(1e-6));
        assertThat(rule(WEB).clients()).isEqualTo(10);
    }

    @Test
    void theMoreAServiceStarvesTheDearerIsItsNextMoment() {
        for (int i = 0; i < 2_000; i++) {
            see(1, WEB, 0, 4);
            see(3, WEB, 4, 0);
        }
        assertThat(rule(WEB).priceRatio()).isCloseTo(4, within(0.05));
        assertThat(rule(WEB).lossRatio()).isCloseTo(3, within(0.05));
    }

    @Test
    void onTheAverageItLosesWhatItsPriceTimesItsStarvingComesTo() {
        double lost = 0;
        for (int i = 0; i < 4_000; i++) {
            see(2, WEB, 0, 4);
            see(3, WEB, 4, 0);
            lost = rule(WEB).priceRatio() * 3 / 5;
        }
        assertThat(rule(WEB).lossRatio()).isCloseTo(lost, within(0.01));
    }

    @Test
    void aPauseTakesWhatWentOn() {
        for (int i = 0; i < 5_000; i++) {
            see(3, WEB, 0, 4);
            stand(3, WEB, 0, 4);
        }
        assertThat(rule(WEB).priceRatio())
                .as("3.5 of 6, as it was cut within a sample")
                .isCloseTo(6 / 3.5, within(0.01));
    }

    @Test
    void aPauseBetweenTwoSamplesTakesItsLength() {
        SampleView sample = sample();
        sample.intervalNanos = 4 * STEP_NANOS;
        sample.addService(WEB, 0, 0, 4);
        for (int i = 0; i < 5_000; i++) {
            sample.epoch++;
            take(1, sample);
        }
        assertThat(rule(WEB).priceRatio()).as("3 of 4").isCloseTo(4 / 3.0, within(0.01));
    }

    @Test
    void aPauseTakesNothingFromOneThatStandsStillAnyway() {
        for (int i = 0; i < 5_000; i++) {
            see(3, WEB, 0, 4);
            see(1, WEB, 4, 0);
            stand(2, WEB, 4, 0);
        }
        assertThat(rule(WEB).priceRatio()).isCloseTo(2, within(0.01));
        assertThat(rule(WEB).lossRatio()).isCloseTo(1, within(0.01));
    }

    @Test
    void aServiceThatWaitsForACommitUnderWayIsNoRareOne() {
        for (int i = 0; i < 2_000; i++) {
            see(1, WEB, 0, 4);
            see(4, WEB, 4, 0);
        }
        assertThat(rule(WEB).priceRatio() - rule(WEB).lossRatio()).as("1 / t").isCloseTo(1, within(0.01));
    }

    @Test
    void howManyClientsAServiceHasIsNotForgottenWhileItIsAway() {
        see(100, WEB, 2, 7);
        see(3_000, SHELL, 0, 1);
        assertThat(rule(WEB).clients()).isCloseTo(9, within(1e-6));
        see(5_000, WEB, 0, 3);
        assertThat(rule(WEB).clients()).isCloseTo(3, within(0.1));
    }

    @Test
    void whatSeldomGoesOnIsDearWhileItDoesButNotBeyondMeasure() {
        for (int i = 0; i < 500; i++) {
            see(1, WEB, 0, 4);
            see(3, SHELL, 0, 1);
        }
        assertThat(rule(WEB).priceRatio()).isCloseTo(4, within(0.05));
        see(3_000, SHELL, 0, 1);
        assertThat(rule(WEB).priceRatio()).isCloseTo(Services.MOST_RARE, within(1e-6));
    }

    @Test
    void oneThatOnlyStandsStillHasTheGreatestPriceThereIs() {
        see(5_000, WEB, 4, 0);
        assertThat(rule(WEB).priceRatio()).isCloseTo(1 / Services.LEAST_RATIO, within(1e-6));
    }

    @Test
    void ofMoreServicesThanThereIsRoomForTheOneLeastActiveIsForgotten() {
        for (int port = 1; port <= ServicesRule.MOST_SERVICES; port++) {
            see(10 * port, port, 0, 1);
        }
        see(1, WEB, 0, 1);
        assertThat(rule(0, 1).services()).extracting(ServiceRule::port).containsExactlyInAnyOrder(WEB, 2, 3, 4);
    }

    @Test
    void workBesideTheServicesLosesByPausesAlone() {
        assertThat(rule(0.5, 0.8).besidesLoss()).isCloseTo(0.125, within(1e-9));
    }
}
