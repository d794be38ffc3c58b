package io.lull.worker.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A request to end, made once; heard by whoever waits for it or is to be called, even when it came before. */
final class Stop {
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile Runnable how = () -> {};

    /** What makes the one who is asked return; run at once when the request has come already. From then on, any time. */
    void byCalling(Runnable call) {
        how = call;
        if (asked.getCount() == 0) {
            call.run();
        }
    }

    /** Returns when the request comes. */
    void await() throws InterruptedException {
        asked.await();
    }

    /** Whether the request comes within the time. */
    boolean await(long limitMillis) throws InterruptedException {
        return asked.await(limitMillis, TimeUnit.MILLISECONDS);
    }

    /** Makes the request. */
    void ask() {
        asked.countDown();
        how.run();
    }
}
