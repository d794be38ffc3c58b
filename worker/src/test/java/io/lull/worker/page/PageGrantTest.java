package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PageGrantTest {
    private static final long SEED = 1;
    private static final int PAGES = 4096;
    private static final long LIMIT_SECONDS = 30;
    private static final int POOL = 4;

    private final AtomicInteger grant = new AtomicInteger(2);
    private final Set<Thread> seen = ConcurrentHashMap.newKeySet();

    @Test
    void asManyThreadsWorkAsAreGrantedWhenAJobBegins() throws InterruptedException {
        try (PageWorkers workers = granted()) {
            assertThat(workers.granted()).isEqualTo(2);
            assertThat(together(workers, 2)).as("two may work at once").isTrue();
            grant.set(1);
            workers.run(100, (task, worker) -> seen.add(Thread.currentThread()));
            assertThat(seen).containsExactly(Thread.currentThread());
            grant.set(100);
            assertThat(workers.granted()).as("the pool has no more").isEqualTo(POOL);
            assertThat(together(workers, POOL)).isTrue();
            grant.set(-1);
            assertThat(workers.granted()).as("the caller always works").isEqualTo(1);
        }
    }

    @Test
    void aJobThatAsksForMoreGetsNoMore() {
        grant.set(1);
        try (PageWorkers workers = granted()) {
            workers.run(100, POOL, (task, worker) -> seen.add(Thread.currentThread()));
        }
        assertThat(seen).containsExactly(Thread.currentThread());
    }

    @Test
    void hashingAndEncodingKeepToIt() {
        grant.set(1);
        try (PageWorkers workers = granted();
                PageMemory image = PageMemory.anonymous(PAGES);
                PageHashTable table = new PageHashTable(PAGES, SEED);
                FullShadow shadow = new FullShadow(PAGES, SEED);
                PagePipeline pipeline = new PagePipeline(shadow, workers, System::nanoTime)) {
            table.refresh(image, new PageRange(0, PAGES), workers, page -> seen.add(Thread.currentThread()));
            StagedPages staged = new StagedPages(PAGES);
            for (int page = 0; page < PAGES; page++) {
                staged.add(page, image.address(page));
            }
            pipeline.encode(
                    staged,
                    new EncodeSettings(POOL, ChunkCodec.LZ4),
                    (kind, pageCount, rawLength, crc32c, payload) -> seen.add(Thread.currentThread()));
        }
        assertThat(seen).containsExactly(Thread.currentThread());
    }

    /** Whether so many threads work on a job at once: each of its tasks waits until all have begun. */
    private static boolean together(PageWorkers workers, int threads) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(threads);
        AtomicInteger met = new AtomicInteger();
        workers.run(threads, (task, worker) -> {
            begun.countDown();
            try {
                if (begun.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    met.incrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return met.get() == threads;
    }

    private PageWorkers granted() {
        PageWorkers workers = new PageWorkers(POOL, "test-grant");
        workers.grant(grant::get);
        return workers;
    }
}
