package io.lull.worker.output;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The books of a gate whose frames wait behind a {@link Barrier}: which marks stand for which epoch, and what the barrier has
 * yet to be told. Thread-safe; only calls named {@code await} wait.
 */
final class MarkBooks {
    private static final Logger LOG = LoggerFactory.getLogger(MarkBooks.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** What a barrier has to be told; in the order in which they are told. */
    enum Task {
        OPEN,
        HOLD,
        MARK,
        RELEASE_OLDEST
    }

    /** The marks that one cut found. */
    private record Sealed(long epoch, int marks) {}

    private final int maxMarks;
    private final ArrayDeque<Sealed> sealed = new ArrayDeque<>();
    private GateState state = GateState.HOLDING;
    /** Whether output passes at the barrier, or may by now. */
    private boolean passes;

    private boolean opening;
    private boolean closing;
    private boolean marking;
    /** All that stand. */
    private int marks;
    /** Of these, those put since the last cut. */
    private int newMarks;
    /** And those of released epochs. */
    private int releasedMarks;

    private long nextEpoch;
    /** The first epoch that can have been cut since output is held. */
    private long holdingFromEpoch;
    /** The last epoch released since then. */
    private OptionalLong heldSinceEpoch = OptionalLong.empty();

    MarkBooks(int maxMarks) {
        this.maxMarks = maxMarks;
    }

    synchronized GateState state() {
        return state;
    }

    /** Wants a mark, where there is room for one; waits until it is put, this long at most. It is put later otherwise. */
    synchronized void awaitMark(long limitNanos) throws InterruptedException {
        if (state == GateState.HOLDING && marks < maxMarks) {
            marking = true;
            notifyAll();
            await(() -> !marking, limitNanos);
        }
    }

    /** Gives the marks that were put since the last cut to {@code epoch}. */
    synchronized void cut(long epoch) {
        if (epoch < nextEpoch) {
            throw new IllegalArgumentException(
                    "epoch " + epoch + " was cut, but the next to cut is " + nextEpoch + " or later");
        }
        nextEpoch = epoch + 1;
        if (newMarks > 0) {
            sealed.addLast(new Sealed(epoch, newMarks));
            newMarks = 0;
        }
    }

    synchronized void release(long epoch) {
        if (epoch >= nextEpoch) {
            throw new IllegalArgumentException(
                    "epoch " + epoch + " was released before it was cut; the last cut one is " + (nextEpoch - 1));
        }
        if (state == GateState.HOLDING && epoch >= holdingFromEpoch) {
            heldSinceEpoch = OptionalLong.of(epoch);
        }
        while (!sealed.isEmpty() && sealed.getFirst().epoch() <= epoch) {
            releasedMarks += sealed.removeFirst().marks();
        }
        notifyAll();
    }

    synchronized void passThrough() {
        closing = false;
        if (state.allows(GateState.PASSING)) {
            transition(GateState.PASSING, "output passes");
            forgetMarks();
            opening = true;
            passes = true;
            heldSinceEpoch = OptionalLong.empty();
        }
        notifyAll();
    }

    /** Wants output held, if it passes; waits for that, this long at most, and returns whether it is held. */
    synchronized boolean awaitHold(long limitNanos) throws InterruptedException {
        if (state == GateState.PASSING) {
            closing = true;
            notifyAll();
            await(() -> !closing, limitNanos);
        }
        // A gate that was given up while it was open, or before the barrier held, may still let output pass.
        return !passes;
    }

    /** Whether output passes at the barrier, or may; of a gate that was given up too. */
    synchronized boolean passes() {
        return passes;
    }

    /** Notes that a gate which was given up doesn't let output pass any more. */
    synchronized void shut() {
        passes = false;
    }

    /** See {@link OutputGate#heldSinceEpoch}. */
    synchronized OptionalLong heldSinceEpoch() {
        return state == GateState.HOLDING ? heldSinceEpoch : OptionalLong.empty();
    }

    /** Has the barrier told nothing any more, for good; returns whether it was told until now. */
    synchronized boolean giveUp(GateState next, String reason) {
        if (!state.allows(next)) {
            return false;
        }
        transition(next, reason);
        forgetMarks();
        opening = false;
        closing = false;
        notifyAll();
        return true;
    }

    /** Waits until there is something to tell the barrier; returns false when there never will be. */
    synchronized boolean awaitTask() throws InterruptedException {
        while (state.isOpen() && nextTask().isEmpty()) {
            wait();
        }
        return state.isOpen();
    }

    /** What there is to tell now, if anything. */
    synchronized Optional<Task> nextTask() {
        if (opening) {
            return Optional.of(Task.OPEN);
        }
        if (closing) {
            return Optional.of(Task.HOLD);
        }
        if (marking) {
            return Optional.of(Task.MARK);
        }
        return releasedMarks > 0 ? Optional.of(Task.RELEASE_OLDEST) : Optional.empty();
    }

    /** Notes that the barrier was told so; what was wanted meanwhile counts, not what was wanted before. */
    synchronized void done(Task task) {
        switch (task) {
            case OPEN -> opening = false;
            case HOLD -> held();
            case MARK -> marked();
            case RELEASE_OLDEST -> {
                if (releasedMarks > 0) {
                    releasedMarks--;
                    marks--;
                }
            }
        }
        notifyAll();
    }

    private void held() {
        if (closing) {
            closing = false;
            passes = false;
            transition(GateState.HOLDING, "output is held");
            holdingFromEpoch = nextEpoch;
        } else {
            opening = state == GateState.PASSING;
        }
    }

    private void marked() {
        if (marking) {
            marking = false;
            marks++;
            newMarks++;
        }
    }

    /** Waits until there is nothing to let go; returns false when that takes longer than the limit. */
    synchronized boolean awaitDrained(long limitNanos) throws InterruptedException {
        return await(() -> !opening && releasedMarks == 0, limitNanos);
    }

    private boolean await(BooleanSupplier condition, long limitNanos) throws InterruptedException {
        long deadline = System.nanoTime() + limitNanos;
        while (state.isOpen() && !condition.getAsBoolean()) {
            long leftNanos = deadline - System.nanoTime();
            if (leftNanos <= 0) {
                return false;
            }
            wait(leftNanos / NANOS_PER_MILLI, (int) (leftNanos % NANOS_PER_MILLI));
        }
        return true;
    }

    private void forgetMarks() {
        sealed.clear();
        marking = false;
        marks = 0;
        newMarks = 0;
        releasedMarks = 0;
    }

    private void transition(GateState next, String reason) {
        LOG.info("Output gate {} -> {}: {}", state, next, reason);
        state = next;
    }
}
