package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DirtyForecastTest {
    private static final long MS = 1_000_000;
    private static final int EPOCHS = 2_000;

    @Test
    void expectsNothingWithoutAnEpoch() {
        assertThat(DirtyForecast.NONE.pagesAt(25 * MS)).isZero();
    }

    @Test
    void pagesGrowLessAndLessTheLongerAnEpochIs() {
        DirtyForecast forecast = DirtyForecast.NONE.after(10 * MS, 100);

        assertThat(forecast.pagesAt(10 * MS)).isCloseTo(100, within(1e-9));
        assertThat(forecast.pagesAt(20 * MS)).isBetween(130.0, 140.0);
        assertThat(forecast.pagesAt(30 * MS) - forecast.pagesAt(20 * MS))
                .isLessThan(forecast.pagesAt(20 * MS) - forecast.pagesAt(10 * MS));
    }

    @Test
    void learnsTheCurveOfAGuestFromEpochsOfManyLengths() {
        DirtyForecast forecast = DirtyForecast.NONE;
        for (int i = 0; i < EPOCHS; i++) {
            long millis = 1 + i % 100;
            forecast = forecast.after(millis * MS, Math.round(50 * Math.pow(millis, 0.3)));
        }

        assertThat(forecast.pagesAt(1 * MS)).isCloseTo(50, within(5.0));
        assertThat(forecast.pagesAt(100 * MS)).isCloseTo(50 * Math.pow(100, 0.3), within(8.0));
    }

    @Test
    void staysAsItWasWhenTheNextEpochIsLearned() {
        DirtyForecast before = DirtyForecast.NONE.after(10 * MS, 100);
        DirtyForecast after = before.after(10 * MS, 10_000);

        assertThat(before.pagesAt(10 * MS)).isCloseTo(100, within(1e-9));
        assertThat(after.pagesAt(10 * MS)).isGreaterThan(500);
        assertThat(DirtyForecast.NONE.pagesAt(10 * MS)).isZero();
    }

    @Test
    @Timeout(60)
    void theTriggerNeverSeesAForecastHalfLearned() throws Exception {
        // Epochs of one length: whatever was learned so far, the curve has one shape.
        Current<OpenEpoch> open = new Current<>(epoch(1, DirtyForecast.NONE.after(10 * MS, 1)));
        AtomicBoolean done = new AtomicBoolean();
        Thread capture = new Thread(() -> {
            for (int i = 2; i < EPOCHS; i++) {
                open.set(epoch(i, open.get().forecast().after(10 * MS, i * 100L)));
            }
            done.set(true);
        });
        capture.start();
        while (!done.get()) {
            DirtyForecast forecast = open.get().forecast();
            double pages = forecast.pagesAt(10 * MS);
            assertThat(forecast.pagesAt(20 * MS)).isCloseTo(Math.pow(2, 0.45) * pages, within(1e-6 * pages));
        }
        capture.join();
    }

    private static OpenEpoch epoch(long number, DirtyForecast forecast) {
        return new OpenEpoch(number, 0, 0, 0, true, forecast);
    }
}
