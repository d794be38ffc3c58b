package io.lull.policy.signal;

/**
 * Says how much of a VM's work stands still because its answers are held.
 *
 * <pre>
 * q       = 1                          when the vCPUs rest: the guest has said all that it can say
 *         = min(1, held / talk)        else; talk: frames held or owed when the whole conversation waits
 * s       = 1                          when nothing is pending and nothing more is being sent: the server starves
 *         = max(0, 1 − b / b_full)     else; b_full: busy share of this VM when its server has all the work it can do
 * waiting = q · s
 * </pre>
 *
 * <p>Held answers cost throughput only where the server starves for want of the requests that would follow them. A
 * server that is kept busy by other clients loses nothing, however many wait (s = 0). One that waits for its disk with
 * idle vCPUs loses in proportion to the clients that wait. Messages that nobody answers let {@code talk} grow with the
 * epoch, so that q stays small: they wait without keeping anybody from working.
 */
public final class Waiting {
    private Waiting() {}

    /** q: share of the conversation that {@code held} frames are. */
    public static double share(long held, double talkPackets) {
        return Math.min(1, held / Math.max(1, talkPackets));
    }

    /** s: share of its work that the server goes without, given the share of the conversation that is held. */
    public static double starving(SampleView sample, double heldRatio, int stuckRequests, double saturatedBusyRatio) {
        boolean allSaid = sample.txPackets == 0 || heldRatio >= WHOLE_RATIO;
        if (sample.requestsPending <= stuckRequests && allSaid) {
            return 1;
        }
        return spareRatio(sample.busyRatio, saturatedBusyRatio);
    }

    /**
     * Share of one service that stands still because its clients wait, 0..1: those that wait, of all that may; a server
     * that is busy with others, or fills the windows that are left, loses nothing by them.
     *
     * <pre>
     * q = min(1, waiting / clients)
     * s = q                      once nobody asks and {@value #WHOLE_RATIO} of them wait
     *   = q · (1 − b / b_full)   else
     * </pre>
     *
     * @param waiting how many of its clients wait
     * @param asking how many of its clients the guest owes something
     * @param clients how many there are at once, all told
     * @param spareRatio 1 − b / b_full, see {@link #spareRatio}
     */
    public static double starving(int waiting, int asking, double clients, double spareRatio) {
        if (waiting == 0) {
            return 0;
        }
        double share = share(waiting, clients);
        return asking == 0 && share >= WHOLE_RATIO ? share : share * spareRatio;
    }

    /** Share of the vCPUs' work that there is none for: 1 − b / b_full. */
    public static double spareRatio(double busyRatio, double saturatedBusyRatio) {
        return Math.max(0, 1 - busyRatio / Math.max(LEAST_BUSY_RATIO, saturatedBusyRatio));
    }

    /** Whether the vCPUs rested through the whole sample, below {@code busyRatio}, and not for want of a disk. */
    public static boolean rests(SampleView sample, double busyRatio) {
        return sample.vcpus > 0
                && sample.elapsedNanos >= sample.intervalNanos
                && sample.busyRatio < busyRatio
                && sample.diskInFlight == 0;
    }

    /** With this share of the conversation held, all of it counts as held. */
    public static final double WHOLE_RATIO = 0.9;

    private static final double LEAST_BUSY_RATIO = 0.01;
}
