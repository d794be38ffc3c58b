package io.lull.policy.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LinkRateTest {
    private static final double LINK = 125e6;

    private static SampleView measured(boolean known, long bytesPerSecond) {
        SampleView view = Views.sample(1);
        view.linkKnown = known;
        view.linkBytesPerSecond = bytesPerSecond;
        return view;
    }

    /** A ship over the link with half a millisecond of other work. */
    private static void ship(LinkState state, long bytes, double noise) {
        LinkRate.update(state, bytes, (long) (5e5 + noise * bytes / LINK * 1e9));
    }

    @Test
    void isUnknownUntilAShipOrAMeasurementTells() {
        LinkState state = new LinkState();
        LinkRate.update(state, 0, 100);
        LinkRate.update(state, 100, 0);
        LinkRate.update(state, measured(false, 100), Views.SECOND);
        LinkRate.update(state, measured(true, 0), Views.SECOND);

        assertThat(LinkRate.isKnown(state)).isFalse();
        assertThat(LinkRate.bytesPerSecond(state)).isEmpty();
        assertThat(LinkRate.bytesPerSecondOr(state, 5)).isEqualTo(5);
    }

    @Test
    void isNearTheLinkThoughMostEpochsUseLittleOfIt() {
        long seed = 51;
        Random random = new Random(seed);
        LinkState state = new LinkState();
        for (int i = 0; i < 1000; i++) {
            ship(
                    state,
                    random.nextInt(4) == 0 ? 2_000_000 : 20_000 + random.nextInt(60_000),
                    1 + random.nextDouble() / 5);
        }

        assertThat(LinkRate.bytesPerSecond(state)).as("seed %s", seed).isPresent();
        assertThat(LinkRate.bytesPerSecondOr(state, 0)).as("seed %s", seed).isBetween(0.85 * LINK, 1.1 * LINK);
    }

    @Test
    void isNotFooledByATinyShipThatFitsIntoABuffer() {
        LinkState state = new LinkState();
        for (int i = 0; i < 500; i++) {
            ship(state, 2_000_000, 1);
            LinkRate.update(state, 2_000, 1_000);
        }

        assertThat(LinkRate.bytesPerSecondOr(state, 0)).isBetween(0.85 * LINK, 1.15 * LINK);
    }

    @Test
    void followsALinkThatBecameSlow() {
        LinkState state = new LinkState();
        for (int i = 0; i < 1000; i++) {
            ship(state, 2_000_000, 1);
        }
        for (int i = 0; i < 4 * LinkRate.MEMORY_SHIPS; i++) {
            ship(state, 2_000_000, 10);
        }

        assertThat(LinkRate.bytesPerSecondOr(state, 0)).isBetween(0.08 * LINK, 0.12 * LINK);
    }

    @Test
    void believesAMeasurementAsLongAsSamplesHaveOne() {
        LinkState state = new LinkState();
        ship(state, 2_000_000, 10);
        LinkRate.update(state, measured(true, 1_000_000_000), Views.SECOND);
        assertThat(LinkRate.bytesPerSecondOr(state, 0)).isEqualTo(1e9);

        LinkRate.update(state, measured(false, 0), Views.SECOND);
        assertThat(LinkRate.bytesPerSecondOr(state, 0)).isLessThan(2e7);
    }

    @Test
    void takesReportsAndExtremes() {
        LinkState state = new LinkState();
        LinkRate.update(state, Views.report(25 * Views.MILLI, 0, 0, 100, 10_000, 100_000));
        assertThat(LinkRate.bytesPerSecondOr(state, 0)).isEqualTo(1e8, within(1.3e7));

        LinkRate.update(state, Long.MAX_VALUE, 1);
        LinkRate.update(state, 1, Long.MAX_VALUE);
        assertThat(LinkRate.bytesPerSecondOr(state, 0)).isFinite().isPositive();
    }
}
