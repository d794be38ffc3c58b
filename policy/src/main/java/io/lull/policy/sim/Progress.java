package io.lull.policy.sim;

import java.util.Arrays;

/**
 * How far each activity of a guest has come.
 *
 * @param answersPerActivity answers that reached their clients
 * @param bytesPerActivity bulk bytes that reached their receivers
 * @param backgroundNanosPerActivity computation done
 */
record Progress(long[] answersPerActivity, double[] bytesPerActivity, double[] backgroundNanosPerActivity) {
    static Progress of(Guest guest) {
        int n = guest.stations.length;
        Progress progress = new Progress(new long[n], new double[n], new double[n]);
        for (int i = 0; i < n; i++) {
            progress.answersPerActivity[i] = guest.stations[i].answers;
            progress.bytesPerActivity[i] = guest.stations[i].bytes;
            progress.backgroundNanosPerActivity[i] =
                    guest.stations[i].isCounted() ? guest.stations[i].backgroundNanos : 0;
        }
        return progress;
    }

    Progress since(Progress earlier) {
        int n = answersPerActivity.length;
        Progress progress = new Progress(new long[n], new double[n], new double[n]);
        for (int i = 0; i < n; i++) {
            progress.answersPerActivity[i] = answersPerActivity[i] - earlier.answersPerActivity[i];
            progress.bytesPerActivity[i] = bytesPerActivity[i] - earlier.bytesPerActivity[i];
            progress.backgroundNanosPerActivity[i] =
                    backgroundNanosPerActivity[i] - earlier.backgroundNanosPerActivity[i];
        }
        return progress;
    }

    /** What a unit of each activity's work adds to the logarithm of the geometric mean, around what {@code around} did. */
    double[] weights(Progress around) {
        double[] weights = new double[answersPerActivity.length];
        for (int i = 0; i < weights.length; i++) {
            double work = Math.max(around.workOf(i), 1e-3 * workOf(i));
            weights[i] = work > 0 ? 1 / work : 0;
        }
        return weights;
    }

    /** How many activities got anything done. */
    int activities() {
        int count = 0;
        for (int i = 0; i < answersPerActivity.length; i++) {
            count += workOf(i) > 0 ? 1 : 0;
        }
        return count;
    }

    double answers() {
        return Arrays.stream(answersPerActivity).sum();
    }

    double bytes() {
        return Arrays.stream(bytesPerActivity).sum();
    }

    /** Share of the background work of {@code unprotected} that was done; 1 where there is none. */
    double backgroundRatio(Progress unprotected) {
        double all = Arrays.stream(unprotected.backgroundNanosPerActivity).sum();
        return all == 0 ? 1 : Arrays.stream(backgroundNanosPerActivity).sum() / all;
    }

    /** Geometric mean over the activities of what was done against {@code unprotected}. */
    double usefulRatio(Progress unprotected) {
        double logs = 0;
        int activities = 0;
        for (int i = 0; i < answersPerActivity.length; i++) {
            double all = unprotected.workOf(i);
            if (all > 0) {
                logs += Math.log(Math.max(1e-9, workOf(i) / all));
                activities++;
            }
        }
        return activities == 0 ? 1 : Math.exp(logs / activities);
    }

    private double workOf(int activity) {
        return answersPerActivity[activity] + bytesPerActivity[activity] + backgroundNanosPerActivity[activity];
    }
}
