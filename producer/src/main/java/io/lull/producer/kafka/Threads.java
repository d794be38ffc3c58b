package io.lull.producer.kafka;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waiting in threads that nobody else interrupts. */
final class Threads {
    private Threads() {}

    static void join(Thread thread, Duration limit) {
        try {
            thread.join(limit.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void await(CountDownLatch latch, Duration limit) {
        try {
            if (latch.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static <T> @Nullable T poll(BlockingQueue<T> queue, long wait, TimeUnit unit) {
        try {
            return queue.poll(wait, unit);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a publisher's thread was interrupted; close() is the way to end it", e);
        }
    }
}
