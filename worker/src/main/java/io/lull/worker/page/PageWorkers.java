package io.lull.worker.page;

import io.lull.worker.turns.TurnTaker;
import io.lull.worker.turns.Turns;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One VM's access to a {@link PagePool}: runs the numbered tasks of one job, on the calling thread and on those of the pool
 * that have nothing else to do.
 *
 * <p>Tasks are taken from one shared counter. Threads wake each other as a tree, so that the caller's cost does not grow
 * with their number; a thread that wakes too late finds the job closed or its tasks taken, and nobody waits for it. One job
 * runs at a time; the jobs of other VMs run beside it, each in its turn.
 */
public final class PageWorkers implements AutoCloseable {
    private static final int WOKEN_BY_EACH = 2;
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

    /** Something that a task has to wait for. */
    @FunctionalInterface
    public interface Wait {
        void await() throws InterruptedException;
    }

    private final PagePool pool;
    private final boolean ownsPool;
    private final TurnTaker taker;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicInteger nextTask = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    // Run number, whether the run is open, and how many pool threads are inside it.
    private final AtomicLong gate = new AtomicLong();
    private volatile IntSupplier grant = () -> PagePool.MAX_THREADS;
    private volatile boolean closed;

    // Written by the caller before it opens the gate, read by those who passed the gate.
    private @Nullable Task task;
    private int tasks;
    private int mostHelpers;
    private @Nullable Thread caller;

    /** Access to a pool of its own, which is closed with it; parameters as for {@link PagePool}. */
    public PageWorkers(int count, String name) {
        this.pool = new PagePool(count, name);
        this.ownsPool = true;
        this.taker = pool.turns().taker();
        pool.add(this);
    }

    PageWorkers(PagePool pool) {
        this.pool = pool;
        this.ownsPool = false;
        this.taker = pool.turns().taker();
    }

    /** Threads that can work on a job, the caller included. */
    public int count() {
        return pool.count();
    }

    /**
     * Bounds the threads of each job from now on, the caller included; until this is called all may be used.
     *
     * @param most asked as a job begins; less than 1 counts as 1
     */
    public void grant(IntSupplier most) {
        grant = most;
    }

    /** Threads that may work on a job that begins now, the caller included. */
    public int granted() {
        return Math.max(1, Math.min(grant.getAsInt(), count()));
    }

    /** The turns of the VMs that share the pool, for work beside its jobs. */
    public Turns turns() {
        return pool.turns();
    }

    TurnTaker taker() {
        return taker;
    }

    /**
     * Runs all tasks on as many threads as are granted, see {@link #run(int, int, Task)}.
     */
    public void run(int taskCount, Task work) {
        run(taskCount, granted(), work);
    }

    /**
     * Waits for this VM's turn, runs all tasks and returns when they are done. Between two tasks other VMs may have theirs.
     *
     * @param taskCount how many there are
     * @param limit most threads to use, the caller included; more than are granted are not used
     * @throws IllegalStateException with the cause when a task threw; further tasks may not have run
     */
    public void run(int taskCount, int limit, Task work) {
        if (closed || pool.isClosed()) {
            throw new IllegalStateException("the page workers are closed");
        }
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "the page workers run another job; only one thread may call them at a time");
        }
        try {
            caller = Thread.currentThread();
            tasks = taskCount;
            nextTask.set(0);
            int use = Math.min(Math.min(limit, granted()), taskCount);
            taker.enter();
            if (use <= 1) {
                work(work, null);
                taker.leave();
            } else {
                runTogether(use, work);
            }
        } finally {
            caller = null;
            busy.set(false);
        }
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("a page worker failed: " + thrown, thrown);
        }
    }

    private void runTogether(int use, Task work) {
        task = work;
        mostHelpers = use - 1;
        gate.set(((gate.get() >>> RUN_SHIFT) + 1) << RUN_SHIFT | OPEN);
        wakeHelpers();
        work(work, null);
        gate.getAndAdd(-OPEN);
        taker.leave();
        boolean interrupted = false;
        while ((gate.get() & INSIDE) != 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        task = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wakeHelpers() {
        long wanted = mostHelpers - (gate.get() & INSIDE);
        if (wanted > 0 && hasTasks()) {
            pool.wake((int) Math.min(WOKEN_BY_EACH, wanted));
        }
    }

    private boolean hasTasks() {
        return nextTask.get() < tasks && failure.get() == null;
    }

    /** Runs tasks until there are none, or a helper has to go; null is the caller, whose turn may end and come again. */
    private void work(Task work, @Nullable PageHelper helper) {
        int worker = helper == null ? 0 : helper.number();
        try {
            while (hasTasks()) {
                if (helper == null) {
                    taker.goOn();
                } else if (!helper.mayGoOn()) {
                    return;
                }
                int next = nextTask.getAndIncrement();
                if (next < tasks) {
                    work.run(next, worker);
                }
            }
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    /**
     * Waits for something within a task, as for room in a queue; meanwhile others may work.
     *
     * @throws InterruptedException when the waiting was interrupted
     * @throws IllegalStateException when the calling thread runs no task of this job
     */
    public void aside(Wait wait) throws InterruptedException {
        if (Thread.currentThread() instanceof PageHelper helper) {
            helper.giveBack(taker);
            wait.await();
            return;
        }
        if (Thread.currentThread() != caller) {
            throw new IllegalStateException("only who runs a task can step aside, not " + Thread.currentThread());
        }
        taker.leave();
        try {
            wait.await();
        } finally {
            taker.enter();
        }
    }

    /** Whether a job is open that has tasks left and room for one helper more. */
    boolean wantsHelp() {
        long now = gate.get();
        return (now & OPEN) != 0 && (now & INSIDE) < mostHelpers && hasTasks();
    }

    /** Has a helper work on the job, if it is still open. */
    void takePart(PageHelper helper) {
        long now = gate.get();
        if ((now & OPEN) == 0 || (now & INSIDE) >= mostHelpers || !gate.compareAndSet(now, now + 1)) {
            return;
        }
        Task work = task;
        Thread waiting = caller;
        if (work != null) {
            wakeHelpers();
            work(work, helper);
        }
        long after = gate.decrementAndGet();
        if ((after & (OPEN | INSIDE)) == 0 && waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Gives the access back, and ends a pool of its own.
     *
     * @throws IllegalStateException when a job still runs, or a thread of its own pool does not end in time
     */
    @Override
    public void close() {
        if (busy.get()) {
            throw new IllegalStateException("the page workers can't be closed while a job runs");
        }
        closed = true;
        pool.forget(this);
        if (ownsPool) {
            pool.close();
        }
    }
}
