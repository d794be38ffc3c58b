package io.lull.worker.page;

import io.lull.worker.turns.Turns;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * The long-lived threads that the VMs of a process share for work on pages, and the permits by which no more of them work
 * at a time than the pool has, VM by VM in turns.
 *
 * <p>A VM calls by its own {@link PageWorkers}; its calling thread works too, in its VM's turn. The pool's threads help
 * wherever a job is open, while a permit is free that nobody waits for; as soon as somebody waits they go back after the
 * task at hand. So a VM that has much to do uses what the others leave, and no more.
 */
public final class PagePool implements AutoCloseable {
    /** Most threads that work at a time, calling ones included. */
    public static final int MAX_THREADS = 256;

    /** Most VMs that share a pool. */
    public static final int MAX_VMS = 256;

    /** How long {@link #close()} waits for each thread, in milliseconds. */
    public static final long JOIN_LIMIT_MILLIS = 10_000;

    private final PageHelper[] helpers;
    private final Turns turns;
    private final LongSupplier nanoClock;
    // One bit for each helper that is about to park or has: who wakes one takes its bit.
    private final AtomicLongArray idle = new AtomicLongArray(MAX_THREADS / Long.SIZE);
    private volatile PageWorkers[] members = {};
    private volatile boolean closed;

    /**
     * Starts the pool.
     *
     * @param count threads that may work at a time, calling ones included: 1 starts none
     * @param name of the threads, followed by their number
     */
    public PagePool(int count, String name) {
        this(count, name, System::nanoTime);
    }

    /** Starts the pool, with a clock of its own for the turns. */
    PagePool(int count, String name, LongSupplier nanoClock) {
        if (count < 1 || count > MAX_THREADS) {
            throw new IllegalArgumentException("a pool has 1 to " + MAX_THREADS + " threads, not " + count);
        }
        this.nanoClock = nanoClock;
        turns = new Turns(count, nanoClock, this::permitFree);
        helpers = new PageHelper[count - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new PageHelper(this, i + 1, name);
        }
        for (Thread thread : helpers) {
            thread.start();
        }
    }

    /**
     * The threads for VMs that are granted so many each: what they are granted together, but no more than the host has
     * cores, unless one VM is granted more.
     */
    public static int threadsFor(int[] granted, int cores) {
        int most = Arrays.stream(granted).max().orElse(1);
        long together = Arrays.stream(granted).asLongStream().sum();
        return (int) Math.min(MAX_THREADS, Math.max(most, Math.min(together, cores)));
    }

    /** Threads that can work on a job, the calling one included. */
    public int count() {
        return helpers.length + 1;
    }

    /**
     * A VM's access to the pool, until it is closed.
     *
     * @throws IllegalStateException when {@link #MAX_VMS} have one already
     */
    public PageWorkers workers() {
        PageWorkers added = new PageWorkers(this);
        add(added);
        return added;
    }

    synchronized void add(PageWorkers added) {
        if (members.length == MAX_VMS) {
            throw new IllegalStateException("a pool is shared by " + MAX_VMS + " VMs at most");
        }
        PageWorkers[] more = Arrays.copyOf(members, members.length + 1);
        more[members.length] = added;
        members = more;
    }

    synchronized void forget(PageWorkers gone) {
        members = Arrays.stream(members).filter(member -> member != gone).toArray(PageWorkers[]::new);
    }

    boolean isClosed() {
        return closed;
    }

    /** The turns of the VMs that share it. */
    public Turns turns() {
        return turns;
    }

    long now() {
        return nanoClock.getAsLong();
    }

    /** Wakes helpers that have nothing to do, up to {@code most}. */
    void wake(int most) {
        int left = most;
        for (int word = 0; word <= (helpers.length - 1) / Long.SIZE && left > 0; word++) {
            long bits = idle.get(word);
            while (bits != 0 && left > 0) {
                long bit = Long.lowestOneBit(bits);
                if (idle.compareAndSet(word, bits, bits & ~bit)) {
                    LockSupport.unpark(helpers[word * Long.SIZE + Long.numberOfTrailingZeros(bit)]);
                    left--;
                }
                bits = idle.get(word);
            }
        }
    }

    private void permitFree() {
        if (isHelpWanted()) {
            wake(1);
        }
    }

    private boolean isHelpWanted() {
        for (PageWorkers member : members) {
            if (member.wantsHelp()) {
                return true;
            }
        }
        return false;
    }

    /** A helper's life: help, or sleep. */
    void live(PageHelper helper) {
        while (!closed) {
            if (!help(helper)) {
                setIdle(helper.index(), true);
                // Looked at again behind the bit, since who opens a job looks at the bits behind that.
                if (!closed && !(isHelpWanted() && turns.hasFree())) {
                    LockSupport.park(this);
                }
                setIdle(helper.index(), false);
            }
        }
    }

    private boolean help(PageHelper helper) {
        PageWorkers[] all = members;
        for (int i = 0; i < all.length; i++) {
            PageWorkers member = all[(helper.next + i) % all.length];
            if (member.wantsHelp() && helper.borrow()) {
                helper.next = (helper.next + i + 1) % all.length;
                member.takePart(helper);
                helper.giveBack(member.taker());
                return true;
            }
        }
        return false;
    }

    private void setIdle(int index, boolean is) {
        int word = index / Long.SIZE;
        long bit = 1L << index;
        long before = idle.get(word);
        while (!idle.compareAndSet(word, before, is ? before | bit : before & ~bit)) {
            before = idle.get(word);
        }
    }

    /**
     * Ends the threads and waits for them.
     *
     * @throws IllegalStateException when a thread does not end within {@link #JOIN_LIMIT_MILLIS}
     */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (Thread thread : helpers) {
            LockSupport.unpark(thread);
        }
        for (Thread thread : helpers) {
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
