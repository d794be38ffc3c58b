package io.lull.policy.sim;

import io.lull.policy.Checks;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Dirty pages as a recorded guest wrote them, over and over.
 *
 * <p>The different pages of the snapshots i to j are those entries whose page was written last before i: each entry is
 * stored as how long ago its page was written before, so that any stretch is counted without keeping state. Within a
 * snapshot pages are taken to accumulate as the square root of time, near the exponents of recorded guests.
 */
public final class TraceDirty implements DirtyModel {
    private static final double WITHIN_EXPONENT = 0.5;

    private final double[] endNanos;
    /** For each snapshot, sorted: the snapshot before it in which each of its pages was written; -1 for none. */
    private final int[][] writtenBefore;

    private final double totalNanos;

    /**
     * @param speed how much faster than the recorded one the simulated guest works; recordings under emulation are 11 to
     *     14 times slower than native
     */
    public TraceDirty(DirtyTrace trace, double speed) {
        Checks.within("speed", speed, 0.01, 1000);
        int n = trace.vcpuNanos().size();
        endNanos = new double[n];
        writtenBefore = new int[n][];
        Map<Integer, Integer> last = new HashMap<>();
        for (int i = 0; i < n; i++) {
            endNanos[i] = trace.vcpuNanos().get(i) / speed;
            int[] pages = trace.writtenPages().get(i);
            int[] before = new int[pages.length];
            for (int k = 0; k < pages.length; k++) {
                before[k] = last.getOrDefault(pages[k], -1);
                last.put(pages[k], i);
            }
            Arrays.sort(before);
            writtenBefore[i] = before;
        }
        totalNanos = Math.max(1, endNanos[n - 1]);
    }

    /** How long the recording is, at the speed of the simulated guest. */
    public double totalNanos() {
        return totalNanos;
    }

    @Override
    public double pages(double fromNanos, double toNanos) {
        double length = Math.min(toNanos - fromNanos, totalNanos);
        if (length <= 0) {
            return 0;
        }
        double from = fromNanos % totalNanos;
        double to = from + length;
        return to <= totalNanos ? within(from, to) : within(from, totalNanos) + within(0, to - totalNanos);
    }

    private double within(double from, double to) {
        int first = snapshotAt(from);
        int last = snapshotAt(to);
        if (first == last) {
            return part(first, to - from) * writtenBefore[first].length;
        }
        double pages = part(first, endNanos[first] - from) * writtenBefore[first].length;
        for (int i = first + 1; i <= last; i++) {
            double share = i < last ? 1 : part(i, to - startNanos(i));
            pages += share * countBefore(writtenBefore[i], first);
        }
        return pages;
    }

    private int snapshotAt(double nanos) {
        int at = Arrays.binarySearch(endNanos, nanos);
        return Math.min(endNanos.length - 1, at >= 0 ? at : -at - 1);
    }

    private double startNanos(int snapshot) {
        return snapshot == 0 ? 0 : endNanos[snapshot - 1];
    }

    private double part(int snapshot, double nanos) {
        double length = endNanos[snapshot] - startNanos(snapshot);
        return length <= 0 ? 1 : Math.pow(Math.max(0, Math.min(1, nanos / length)), WITHIN_EXPONENT);
    }

    /** How many of the sorted {@code values} are below {@code bound}. */
    private static int countBefore(int[] values, int bound) {
        int low = 0;
        int high = values.length;
        while (low < high) {
            int middle = (low + high) / 2;
            if (values[middle] < bound) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
