package io.lull.policy.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DelaysTest {
    private static final long SEED = 20261128;

    @Test
    void countsTheSameInWhateverOrderTheOctavesComeIn() {
        Random random = new Random(SEED);
        long[] nanos =
                LongStream.generate(() -> 1L << random.nextInt(45)).limit(500).toArray();
        Delays up = new Delays();
        Delays down = new Delays();
        for (long each : LongStream.of(nanos).sorted().toArray()) {
            up.add(each, 1);
        }
        for (int i = nanos.length - 1; i >= 0; i--) {
            down.add(nanos[i], 1);
        }

        assertThat(down.counts()).as("seed %d", SEED).isEqualTo(up.counts());
        assertThat(LongStream.of(up.counts()).sum()).isEqualTo(500);
        for (double ratio : new double[] {0.01, 0.5, 0.99, 1}) {
            assertThat(down.quantileNanos(ratio)).isEqualTo(up.quantileNanos(ratio));
        }
    }

    @Test
    void aQuantileIsWithinItsBucketWidthAboveTheTruth() {
        Delays delays = new Delays();
        delays.add(25_000_000, 99);
        delays.add(2_000, 1);

        assertThat(delays.quantileNanos(0.5)).isBetween(25_000_000L, 25_300_000L);
        assertThat(delays.quantileNanos(0.01)).isBetween(2_000L, 2_022L);
        assertThat(delays.shareAbove(3_000)).isEqualTo(0.99);
        assertThat(delays.shareAbove(100)).isEqualTo(1);
        assertThat(delays.shareAbove(1_000_000_000_000L)).isZero();
    }

    @Test
    void sumsAndCopiesAreThoseOfHistogramsOfOtherOctaves() {
        Delays low = new Delays();
        low.add(2_000, 3);
        Delays high = new Delays();
        high.add(50_000_000, 2);
        Delays sum = new Delays();
        sum.copyFrom(high);
        sum.addAll(low);
        sum.addAll(new Delays());

        assertThat(sum.count()).isEqualTo(5);
        assertThat(sum.maxNanos()).isEqualTo(50_000_000);
        assertThat(sum.quantileNanos(0.6)).isBetween(2_000L, 2_022L);
        high.clear();
        assertThat(high.quantileNanos(0.5)).isZero();
        assertThat(sum.shareAbove(10_000)).isEqualTo(0.4);
    }
}
