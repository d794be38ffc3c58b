package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageWorkersTest {
    private static final long LIMIT_SECONDS = 20;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void runsEveryTaskOfEveryJobOnce(int threads) {
        try (PageWorkers workers = new PageWorkers(threads, "test-pool")) {
            for (int job = 0; job < 2000; job++) {
                int tasks = job % 23;
                int limit = 1 + job % (threads + 1);
                AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
                AtomicInteger wrongWorker = new AtomicInteger();
                workers.run(tasks, limit, (task, worker) -> {
                    runs.incrementAndGet(task);
                    wrongWorker.addAndGet(worker < (limit == 1 ? 1 : threads) ? 0 : 1);
                });
                int[] expected = new int[tasks];
                Arrays.fill(expected, 1);
                assertThat(runs).hasToString(Arrays.toString(expected));
                assertThat(wrongWorker).hasValue(0);
            }
        }
    }

    @Test
    void allThreadsTakePart() {
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch together = new CountDownLatch(5);
        try (PageWorkers workers = new PageWorkers(5, "test-pool")) {
            workers.run(5, 5, (task, worker) -> {
                seen.add(worker);
                together.countDown();
                await(together);
            });
        }
        assertThat(seen).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aTasksFailureSurfacesInTheCallerAndTheNextJobRuns(int threads) {
        try (PageWorkers workers = new PageWorkers(threads, "test-pool")) {
            AssertionError broken = new AssertionError("broken");
            assertThatThrownBy(() -> workers.run(100, threads, (task, worker) -> {
                        if (task == 37) {
                            throw broken;
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(broken);
            AtomicInteger runs = new AtomicInteger();
            workers.run(100, threads, (task, worker) -> runs.incrementAndGet());
            assertThat(runs).hasValue(100);
        }
    }

    @Test
    void refusesAJobInsideAJob() {
        try (PageWorkers workers = new PageWorkers(2, "test-pool")) {
            assertThatThrownBy(() -> workers.run(4, 2, (task, worker) -> workers.run(1, 1, (t, w) -> {})))
                    .rootCause()
                    .hasMessageContaining("another job");
        }
    }

    @Test
    void closeEndsTheThreadsAndRefusesFurtherJobs() {
        PageWorkers workers = new PageWorkers(3, "test-pool-closing");
        workers.run(10, 3, (task, worker) -> {});
        workers.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("test-pool-closing"));
        assertThatThrownBy(() -> workers.run(1, 1, (task, worker) -> {})).hasMessageContaining("closed");
    }

    @Test
    void anInterruptedCallerStillFinishesTheJobAndStaysInterrupted() {
        AtomicInteger runs = new AtomicInteger();
        try (PageWorkers workers = new PageWorkers(3, "test-pool")) {
            Thread.currentThread().interrupt();
            workers.run(500, 3, (task, worker) -> runs.incrementAndGet());
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(runs).hasValue(500);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not all threads came within " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for the other threads", e);
        }
    }
}
