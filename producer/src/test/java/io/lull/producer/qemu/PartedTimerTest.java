package io.lull.producer.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PartedTimerTest {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final List<CompletableFuture<Void>> parts = new ArrayList<>();
    private final List<Duration> durations = new ArrayList<>();
    private final AtomicInteger told = new AtomicInteger();

    private PartedTimer start() {
        return PartedTimer.start(LIMIT, told::incrementAndGet, duration -> {
            CompletableFuture<Void> part = new CompletableFuture<>();
            durations.add(duration);
            parts.add(part);
            return part;
        });
    }

    @Test
    void aPartThatIsOverAtOnceAsAfterAStopLeavesTheOthers() {
        start();

        parts.get(0).complete(null);

        assertThat(told).hasValue(0);
        assertThat(parts).hasSize(2);
    }

    @Test
    void tellsOnceAllPartsArePassedWhichAreTheLimit() {
        start();

        for (int i = 0; i < PartedTimer.PARTS; i++) {
            assertThat(told).hasValue(0);
            parts.get(i).complete(null);
        }

        assertThat(told).hasValue(1);
        assertThat(parts).hasSize(PartedTimer.PARTS);
        assertThat(durations.stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(LIMIT);
    }

    @Test
    void tellsNobodyOnceCancelledAndFreesItsTimer() {
        PartedTimer timer = start();
        parts.get(0).complete(null);

        timer.cancel();

        assertThat(parts.get(1)).isCancelled();
        parts.get(1).complete(null);
        assertThat(parts).hasSize(2);
        assertThat(told).hasValue(0);
    }

    @Test
    void passesByTheClockOfThisMachine() throws Exception {
        CountDownLatch passed = new CountDownLatch(1);
        long startNanos = System.nanoTime();
        PartedTimer.start(Duration.ofMillis(20), passed::countDown);

        assertThat(passed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(20_000_000);
    }
}
