package io.lull.worker.page;

import io.lull.worker.turns.TurnTaker;

/** A thread of a {@link PagePool}, and the permit that it works by. */
final class PageHelper extends Thread {
    private final PagePool pool;
    private final int number;
    private boolean permitted;
    private long sinceNanos;

    /** Whom it looks at first when it has nothing to do: the VM behind the one that it helped last. */
    int next;

    PageHelper(PagePool pool, int number, String name) {
        super(name + "-" + number);
        this.pool = pool;
        this.number = number;
        setDaemon(true);
    }

    @Override
    public void run() {
        pool.live(this);
    }

    /** From 1, as 0 is the calling thread. */
    int number() {
        return number;
    }

    int index() {
        return number - 1;
    }

    /** Whether it has a permit, after asking for one if need be. */
    boolean borrow() {
        if (!permitted && pool.turns().borrow()) {
            permitted = true;
            sinceNanos = pool.now();
        }
        return permitted;
    }

    /** Whether it may take one task more: not while somebody waits for a turn. */
    boolean mayGoOn() {
        return pool.turns().waiting() == 0 && borrow();
    }

    /** Gives its permit back, if it has one; a VM's turn pays. */
    void giveBack(TurnTaker forWhom) {
        if (permitted) {
            permitted = false;
            pool.turns().giveBack(forWhom, sinceNanos);
        }
    }
}
