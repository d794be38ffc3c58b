package io.lull.worker.page;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed pool of long-lived threads that run the numbered tasks of one job, the caller among them.
 *
 * <p>Tasks are taken from one shared counter. Threads wake each other as a tree, so that the caller's cost does not grow
 * with their number; a thread that wakes too late finds the job closed and sleeps on, and nobody waits for it. One job
 * runs at a time.
 */
public final class PageWorkers implements AutoCloseable {
    /** Most threads of a pool, the caller included. */
    public static final int MAX_THREADS = 256;

    /** How long {@link #close()} waits for each thread, in milliseconds. */
    public static final long JOIN_LIMIT_MILLIS = 10_000;

    private static final int RUN_SHIFT = 16;
    private static final long OPEN = 1L << (RUN_SHIFT - 1);
    private static final long INSIDE = OPEN - 1;

    /** One job's work. */
    @FunctionalInterface
    public interface Task {
        /**
         * Runs one task.
         *
         * @param task its number, from 0
         * @param worker who runs it, from 0 to threads - 1; no two tasks with the same worker run at once
         */
        void run(int task, int worker);
    }

    private final Thread[] threads;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicInteger nextTask = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    // Run number, whether the run is open, and how many pool threads are inside it.
    private final AtomicLong gate = new AtomicLong();
    private volatile boolean closed;

    // Written by the caller before it opens the gate, read by those who passed the gate.
    private @Nullable Task task;
    private int tasks;
    private int active;
    private @Nullable Thread caller;

    /**
     * Starts the pool.
     *
     * @param count threads that work on a job, the caller included: 1 starts none
     * @param name of the threads, followed by their number
     */
    public PageWorkers(int count, String name) {
        if (count < 1 || count > MAX_THREADS) {
            throw new IllegalArgumentException("a pool has 1 to " + MAX_THREADS + " threads, not " + count);
        }
        threads = new Thread[count - 1];
        for (int i = 0; i < threads.length; i++) {
            int worker = i + 1;
            threads[i] = new Thread(() -> live(worker), name + "-" + worker);
            threads[i].setDaemon(true);
        }
        for (Thread thread : threads) {
            thread.start();
        }
    }

    /** Threads that can work on a job, the caller included. */
    public int count() {
        return threads.length + 1;
    }

    /**
     * Runs all tasks and returns when they are done.
     *
     * @param taskCount how many there are
     * @param limit most threads to use, the caller included
     * @throws IllegalStateException with the cause when a task threw; further tasks may not have run
     */
    public void run(int taskCount, int limit, Task work) {
        if (closed) {
            throw new IllegalStateException("the page workers are closed");
        }
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "the page workers run another job; only one thread may call them at a time");
        }
        try {
            int use = Math.min(Math.min(limit, count()), taskCount);
            if (use <= 1) {
                nextTask.set(0);
                tasks = taskCount;
                work(work, 0);
            } else {
                runTogether(taskCount, use, work);
            }
        } finally {
            busy.set(false);
        }
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("a page worker failed: " + thrown, thrown);
        }
    }

    private void runTogether(int taskCount, int use, Task work) {
        task = work;
        tasks = taskCount;
        active = use;
        caller = Thread.currentThread();
        nextTask.set(0);
        gate.set(((gate.get() >>> RUN_SHIFT) + 1) << RUN_SHIFT | OPEN);
        wakeChildren(0, use);
        work(work, 0);
        gate.getAndAdd(-OPEN);
        boolean interrupted = false;
        while ((gate.get() & INSIDE) != 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        task = null;
        caller = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wakeChildren(int worker, int use) {
        for (int child = 2 * worker + 1; child <= 2 * worker + 2 && child < use; child++) {
            LockSupport.unpark(threads[child - 1]);
        }
    }

    private void work(Task work, int worker) {
        try {
            for (int next = nextTask.getAndIncrement(); next < tasks; next = nextTask.getAndIncrement()) {
                if (failure.get() != null) {
                    return;
                }
                work.run(next, worker);
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    private void live(int worker) {
        long lastRun = 0;
        while (!closed) {
            long now = gate.get();
            if ((now & OPEN) == 0 || now >>> RUN_SHIFT == lastRun) {
                LockSupport.park(this);
                continue;
            }
            if (gate.compareAndSet(now, now + 1)) {
                lastRun = now >>> RUN_SHIFT;
                takePart(worker);
            }
        }
    }

    private void takePart(int worker) {
        Task work = task;
        Thread waiting = caller;
        if (work != null && worker < active) {
            wakeChildren(worker, active);
            work(work, worker);
        }
        long after = gate.decrementAndGet();
        if ((after & (OPEN | INSIDE)) == 0 && waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Ends the threads and waits for them.
     *
     * @throws IllegalStateException when a job still runs or a thread does not end within {@link #JOIN_LIMIT_MILLIS}
     */
    @Override
    public void close() {
        if (busy.get()) {
            throw new IllegalStateException("the page workers can't be closed while a job runs");
        }
        closed = true;
        boolean interrupted = false;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_LIMIT_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            if (!interrupted && thread.isAlive()) {
                throw new IllegalStateException(
                        "thread " + thread.getName() + " did not end within " + JOIN_LIMIT_MILLIS + " ms");
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
