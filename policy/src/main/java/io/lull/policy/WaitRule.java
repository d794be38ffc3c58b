package io.lull.policy;

/**
 * Ends an epoch when waiting on costs more than it saves: the numbers that the policy {@code lull} has learned of a VM,
 * for {@link io.lull.policy.trigger.WaitJudge}, which states the formula.
 *
 * @param waitPriceRatio share of the VM that counts as lost while all its clients wait for held output
 * @param averageLossRatio share of the VM lost on the long-run average, by pauses and by clients that wait
 * @param talkPackets frames held or owed when the whole conversation waits; at least 1
 * @param stuckRequests requests that look pending although the guest rests: uploads, long polls
 * @param nanosPerPacket time that the server works on a frame while it has work
 * @param gapNanos from the resume until what a checkpoint releases comes back as new work
 * @param saturatedBusyRatio busy share of the vCPUs when the server has all the work it can do
 * @param busyRatio busy share of the vCPUs below which a sample counts as idle
 * @param answeredBusyRatio busy share that a pause takes from the guest when all that was asked is answered: 0 for a
 *     plain server, towards 1 beside a background load
 * @param pauseNanos pause of a checkpoint without a dirty page
 * @param pauseNanosPerPage what each dirty page adds to the pause
 * @param slotsPerSecond rate at which an idle slot begins while the guest is busy and output is held; 0 when none comes
 * @param maxHeldNanos age of the oldest held frame at which the epoch ends, so that the output delay is kept
 * @param readyWorkNanos vCPU work in an epoch from which a rest without output is used for a checkpoint, so that the next
 *     output finds few dirty pages in its way; {@link Long#MAX_VALUE} for never
 * @param services what it costs that clients wait, service by service
 */
public record WaitRule(
        double waitPriceRatio,
        double averageLossRatio,
        double talkPackets,
        int stuckRequests,
        double nanosPerPacket,
        double gapNanos,
        double saturatedBusyRatio,
        double busyRatio,
        double answeredBusyRatio,
        long pauseNanos,
        double pauseNanosPerPage,
        double slotsPerSecond,
        long maxHeldNanos,
        long readyWorkNanos,
        ServicesRule services) {
    public WaitRule {
        Checks.within("waitPriceRatio", waitPriceRatio, 0, 1e6);
        Checks.within("averageLossRatio", averageLossRatio, 0, 1e6);
        Checks.within("talkPackets", talkPackets, 1, 1e12);
        Checks.notNegative("stuckRequests", stuckRequests);
        Checks.within("nanosPerPacket", nanosPerPacket, 0, 1e15);
        Checks.within("gapNanos", gapNanos, 0, 1e15);
        Checks.within("saturatedBusyRatio", saturatedBusyRatio, 0, 1);
        Checks.within("busyRatio", busyRatio, 0, 1);
        Checks.within("answeredBusyRatio", answeredBusyRatio, 0, 1);
        Checks.notNegative("pauseNanos", pauseNanos);
        Checks.within("pauseNanosPerPage", pauseNanosPerPage, 0, 1e12);
        Checks.within("slotsPerSecond", slotsPerSecond, 0, 1e9);
        Checks.notNegative("maxHeldNanos", maxHeldNanos);
        Checks.notNegative("readyWorkNanos", readyWorkNanos);
    }

    /** Expected pause with {@code dirtyPages}, nanoseconds. */
    public double pauseNanosOf(double dirtyPages) {
        return pauseNanos + pauseNanosPerPage * dirtyPages;
    }
}
