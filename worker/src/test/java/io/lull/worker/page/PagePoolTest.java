package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.qemu.Await;
import io.lull.worker.turns.Turns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several VMs at one pool: each in its turn, and what happens in one's job is its own. */
@Timeout(120)
class PagePoolTest {
    private static final long SEED = Long.getLong("lull.test.seed", 20261129L);
    private static final long LIMIT_SECONDS = 30;

    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final AtomicLong clock = new AtomicLong();

    @AfterEach
    void stop() {
        callers.shutdownNow();
    }

    @Test
    void aSmallJobWaitsForOneTurnOfALargeOneAndNotForItsEnd() throws Exception {
        try (PagePool pool = new PagePool(1, "test-pool", clock::get);
                PageWorkers wild = pool.workers();
                PageWorkers light = pool.workers()) {
            List<String> done = Collections.synchronizedList(new ArrayList<>());
            List<Future<?>> small = new ArrayList<>();
            wild.run(100, 1, (task, worker) -> {
                done.add("wild");
                if (task == 10) {
                    small.add(callers.submit(() -> light.run(3, 1, (t, w) -> {
                        done.add("light");
                        clock.addAndGet(Turns.TURN_NANOS / 5);
                    })));
                    awaitWaiting(pool, 1);
                }
                clock.addAndGet(Turns.TURN_NANOS / 5);
            });
            small.get(0).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(done.subList(0, 15)).containsOnly("wild");
            assertThat(done.subList(15, 18)).containsOnly("light");
            assertThat(done.subList(18, 103)).containsOnly("wild");
        }
    }

    @Test
    void aHelperOfOneVmGoesWhenAnotherVmComes() throws Exception {
        try (PagePool pool = new PagePool(2, "test-pool");
                PageWorkers wild = pool.workers();
                PageWorkers light = pool.workers()) {
            CountDownLatch helping = new CountDownLatch(1);
            CountDownLatch calling = new CountDownLatch(1);
            CountDownLatch helperGoes = new CountDownLatch(1);
            CountDownLatch callerGoes = new CountDownLatch(1);
            AtomicInteger helped = new AtomicInteger();
            Future<?> large = callers.submit(() -> wild.run(50, 2, (task, worker) -> {
                if (worker == 0) {
                    calling.countDown();
                    await(callerGoes);
                } else {
                    helped.incrementAndGet();
                    helping.countDown();
                    await(helperGoes);
                }
            }));
            await(helping);
            // Between two tasks it would give way itself.
            await(calling);
            Future<?> small = callers.submit(() -> light.run(1, 1, (task, worker) -> {}));
            awaitWaiting(pool, 1);
            helperGoes.countDown();
            small.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(large.isDone())
                    .as("the large job's caller is still at its first task")
                    .isFalse();
            callerGoes.countDown();
            large.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void aHelperComesBackWhenTheOtherVmIsDone() throws Exception {
        try (PagePool pool = new PagePool(2, "test-pool");
                PageWorkers wild = pool.workers();
                PageWorkers light = pool.workers()) {
            CountDownLatch helping = new CountDownLatch(1);
            CountDownLatch calling = new CountDownLatch(1);
            CountDownLatch helperGoes = new CountDownLatch(1);
            CountDownLatch helpingAgain = new CountDownLatch(2);
            Future<?> large = callers.submit(() -> wild.run(50, 2, (task, worker) -> {
                if (worker == 0) {
                    calling.countDown();
                    await(helpingAgain);
                } else {
                    helping.countDown();
                    helpingAgain.countDown();
                    await(helperGoes);
                }
            }));
            await(helping);
            // Between two tasks it would give way itself.
            await(calling);
            Future<?> small = callers.submit(() -> light.run(1, 1, (task, worker) -> {}));
            awaitWaiting(pool, 1);
            helperGoes.countDown();
            small.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            large.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aVmThatWaitsForItsLinkKeepsNoOtherFromEncoding(int threads) throws Exception {
        try (PagePool pool = new PagePool(threads, "test-pool");
                PageWorkers stuck = pool.workers();
                PageWorkers light = pool.workers()) {
            CountDownLatch stands = new CountDownLatch(threads);
            CountDownLatch room = new CountDownLatch(1);
            Future<?> stuckJob = callers.submit(() -> stuck.run(20, threads, (task, worker) -> {
                stands.countDown();
                aside(stuck, room);
            }));
            await(stands);
            AtomicInteger runs = new AtomicInteger();
            callers.submit(() -> light.run(100, threads, (task, worker) -> runs.incrementAndGet()))
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(runs).hasValue(100);
            assertThat(stuckJob.isDone()).isFalse();
            room.countDown();
            stuckJob.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(pool.turns().hasFree()).isTrue();
        }
    }

    @Test
    void onlyWhoRunsATaskCanStepAside() {
        try (PagePool pool = new PagePool(1, "test-pool");
                PageWorkers workers = pool.workers()) {
            assertThatThrownBy(() -> workers.aside(() -> {})).hasMessageContaining("only who runs a task");
        }
    }

    @Test
    void aFailureInOneVmsJobIsItsOwn() throws Exception {
        try (PagePool pool = new PagePool(3, "test-pool");
                PageWorkers broken = pool.workers();
                PageWorkers sound = pool.workers()) {
            AtomicInteger runs = new AtomicInteger();
            Future<?> soundJobs = callers.submit(() -> {
                for (int job = 0; job < 200; job++) {
                    sound.run(50, 3, (task, worker) -> runs.incrementAndGet());
                }
            });
            for (int job = 0; job < 50; job++) {
                assertThatThrownBy(() -> broken.run(50, 3, (task, worker) -> {
                            throw new IllegalArgumentException("broken");
                        }))
                        .hasRootCauseMessage("broken");
            }
            soundJobs.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(runs).hasValue(200 * 50);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,4", "2,6", "4,3", "5,8"})
    void allTasksOfAllVmsRunOnceAndNoMoreAtATimeThanThereArePermits(int threads, int vms) throws Exception {
        System.out.println("PagePoolTest: -Dlull.test.seed=" + SEED);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (PagePool pool = new PagePool(threads, "test-pool")) {
            List<Future<?>> all = new ArrayList<>();
            for (int vm = 0; vm < vms; vm++) {
                Random random = new Random(SEED + vm);
                all.add(callers.submit((Callable<Object>) () -> {
                    manyJobs(pool, random, running, most);
                    return "";
                }));
            }
            for (Future<?> each : all) {
                each.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            assertThat(most.get()).isBetween(1, threads);
            assertThat(pool.turns().waiting()).isZero();
            assertThat(pool.turns().hasFree()).isTrue();
        }
    }

    private static void manyJobs(PagePool pool, Random random, AtomicInteger running, AtomicInteger most) {
        try (PageWorkers workers = pool.workers()) {
            for (int job = 0; job < 500; job++) {
                int tasks = random.nextInt(40);
                AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
                AtomicIntegerArray inside = new AtomicIntegerArray(pool.count());
                workers.run(tasks, 1 + random.nextInt(pool.count()), (task, worker) -> {
                    assertThat(inside.incrementAndGet(worker)).isEqualTo(1);
                    int now = running.incrementAndGet();
                    most.accumulateAndGet(now, Math::max);
                    runs.incrementAndGet(task);
                    running.decrementAndGet();
                    inside.decrementAndGet(worker);
                });
                for (int task = 0; task < tasks; task++) {
                    assertThat(runs.get(task)).isEqualTo(1);
                }
            }
        }
    }

    @Test
    void isAsLargeAsTheVmsAreGrantedButNoLargerThanTheHostUnlessOneIs() {
        assertThat(PagePool.threadsFor(new int[] {1, 1, 1}, 8)).isEqualTo(3);
        assertThat(PagePool.threadsFor(new int[] {7, 7, 7}, 8)).isEqualTo(8);
        assertThat(PagePool.threadsFor(new int[] {1, 6}, 2)).isEqualTo(6);
        assertThat(PagePool.threadsFor(new int[] {1}, 2)).isEqualTo(1);
    }

    @Test
    void moreVmsThanTheLimitAreRefusedAndOneThatLeftMakesRoom() {
        try (PagePool pool = new PagePool(1, "test-pool")) {
            PageWorkers first = pool.workers();
            for (int vm = 1; vm < PagePool.MAX_VMS; vm++) {
                pool.workers();
            }
            assertThatThrownBy(pool::workers).hasMessageContaining("256 VMs at most");
            first.close();
            pool.workers().run(1, 1, (task, worker) -> {});
        }
    }

    private static void aside(PageWorkers workers, CountDownLatch room) {
        try {
            workers.aside(room::await);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitWaiting(PagePool pool, int count) {
        Await.untilIs(count, "the number of those who wait for a turn", pool.turns()::waiting);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not reached within " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
