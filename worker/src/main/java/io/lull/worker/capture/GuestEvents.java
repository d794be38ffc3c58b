package io.lull.worker.capture;

import java.util.concurrent.TimeUnit;

/**
 * Counts what QEMU says of the guest's running, and tells the worker's own stops from those of others. Events come from the monitor's
 * thread, in order with QEMU's answers.
 *
 * <p>The first STOP after an expected one is the worker's, each other is somebody else's until the next RESUME. A stop of a guest that
 * stands still already is no event at all, and so can't be told.
 */
public final class GuestEvents {
    private volatile boolean expected;
    /** How many of its stops the worker has announced, counted on from the resumes that had come before. */
    private int ordered;

    private volatile boolean stoppedByOthers;
    private volatile boolean reset;
    private volatile int resumes;
    private volatile int resumesOfOwnStops;

    /** The worker is about to stop the guest. Said again before that stop, it is the same stop. */
    public synchronized void expectStop() {
        if (!expected) {
            ordered = Math.max(ordered, resumesOfOwnStops) + 1;
            expected = true;
        }
    }

    /** Takes an event by its name; whether it says that somebody else has stopped the guest. */
    public synchronized boolean take(String name) {
        switch (name) {
            case "STOP" -> {
                stoppedByOthers = !expected;
                expected = false;
                return stoppedByOthers;
            }
            case "RESUME" -> {
                resumes++;
                notifyAll();
                if (stoppedByOthers) {
                    stoppedByOthers = false;
                    forgetExpected();
                } else {
                    resumesOfOwnStops++;
                    // One that comes late, of a stop before the expected one, says nothing of that.
                    expected = expected && resumesOfOwnStops < ordered;
                }
            }
            case "RESET" -> reset = true;
            default -> {
                // Says nothing of the guest's running.
            }
        }
        return false;
    }

    /** A stop that was expected while the guest stood still already made no event. */
    private void forgetExpected() {
        if (expected) {
            expected = false;
            ordered--;
        }
    }

    /** How often the guest was let run so far, by whomever. */
    public int resumes() {
        return resumes;
    }

    /** Waits until the guest was let run more often than so, by whomever; whether it was within the limit. */
    public synchronized boolean awaitResumeAfter(int count, long limitNanos) throws InterruptedException {
        long endNanos = System.nanoTime() + limitNanos;
        long leftNanos = limitNanos;
        while (resumes == count && leftNanos > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
            leftNanos = endNanos - System.nanoTime();
        }
        return resumes != count;
    }

    /** How often it was let run after a stop that was the worker's, or began before this was told of events. */
    public int resumesOfOwnStops() {
        return resumesOfOwnStops;
    }

    /** Whether the guest stands still by an order that wasn't the worker's. */
    public boolean stoppedByOthers() {
        return stoppedByOthers;
    }

    /** Whether the guest was reset: its firmware may have changed memory that is not in the file. */
    public boolean reset() {
        return reset;
    }
}
