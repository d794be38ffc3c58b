package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private static Histogram of(List<Long> times) {
        Histogram histogram = new Histogram();
        times.forEach(histogram::add);
        return histogram;
    }

    /** Times from {@code leastNanos} on over so many octaves. */
    private static List<Long> times(Random random, int count, double leastNanos, double octaves) {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            times.add((long) (leastNanos * Math.pow(2, octaves * random.nextDouble())));
        }
        return times;
    }

    /** The greatest error of a quantile, as a share of itself. */
    private static double worstError(List<Long> times, Histogram histogram) {
        List<Long> sorted = times.stream().sorted().toList();
        double worst = 0;
        for (int percent = 1; percent <= 100; percent++) {
            long exact = sorted.get((sorted.size() * percent + 99) / 100 - 1);
            worst = Math.max(worst, Math.abs(histogram.quantileNanos(percent) - exact) / (double) exact);
        }
        return worst;
    }

    @Test
    void isWithinOneThirtySecondOverFourOctaves() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            List<Long> times = times(random, 1 + random.nextInt(500), 2000 * Math.pow(2, random.nextInt(20)), 3.9);

            assertThat(worstError(times, of(times))).as("seed %s", seed).isLessThanOrEqualTo(1 / 32.0);
        }
    }

    @Test
    void getsCoarserWithSpreadAndNeverWorseThanAQuarter() {
        Random random = new Random(7);
        List<Long> some = times(random, 5000, 2000, 7.5);
        List<Long> all = times(random, 5000, 1100, 29);

        assertThat(worstError(some, of(some))).isBetween(1 / 32.0, 1 / 16.0);
        assertThat(worstError(all, of(all))).isBetween(1 / 16.0, 1 / 4.0);
        assertThat(of(all).cells).hasSizeLessThanOrEqualTo(Histogram.MAX_CELLS);
    }

    @Test
    void isTheSameInWhateverOrderAndPartsTimesCome() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            List<Long> times = times(random, 1 + random.nextInt(400), 5000, 12 * random.nextDouble());
            Histogram whole = of(times);
            Collections.shuffle(times, random);
            int cut = random.nextInt(times.size() + 1);
            Histogram parts = of(times.subList(0, cut));
            parts.add(of(times.subList(cut, times.size())));

            assertThat(parts).as("seed %s", seed).usingRecursiveComparison().isEqualTo(whole);
            assertThat(parts.count()).as("seed %s", seed).isEqualTo(times.size());
        }
    }

    @Test
    void takesTimesFromOutsideOfItsRangeForItsEnds() {
        assertThat(of(List.of(0L, 1L)).quantileNanos(100)).isBetween(1024L, 1088L);
        assertThat(of(List.of(Long.MAX_VALUE)).quantileNanos(50) / 1e12).isCloseTo(1.1, within(0.1));
        assertThat(new Histogram().quantileNanos(50)).isZero();
    }

    @Test
    void keepsItsOrderWhenACellIsFull() {
        Histogram histogram = of(List.of(5_000L, 50_000L));
        for (int i = 0; i < 23; i++) {
            Histogram same = new Histogram();
            same.add(histogram);
            histogram.add(same);
        }

        assertThat(histogram.quantileNanos(50)).isCloseTo(5_000L, within(200L));
        assertThat(histogram.quantileNanos(51)).isCloseTo(50_000L, within(2_000L));
    }
}
