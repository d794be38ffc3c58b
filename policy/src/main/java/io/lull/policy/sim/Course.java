package io.lull.policy.sim;

import io.lull.policy.Checks;
import java.util.Arrays;
import java.util.List;

/**
 * What a recorded guest was asked and did, moment by moment and over and over: a moment is as long as a sample of the
 * recording. Times are of the client's clock, pauses included; request n is one of the moment in which it came.
 */
public final class Course {
    /** More would be of no recording. */
    private static final int MAX_MOMENTS = 1_000_000;

    private final Moment[] moments;
    /** When each moment ends. */
    private final long[] endNanos;
    /** Requests up to the end of each moment. */
    private final int[] requestsUpTo;

    private final int mostClients;
    private final int requestBytes;

    /**
     * One moment.
     *
     * @param lengthNanos its length
     * @param requests how many came in it
     * @param serviceNanos vCPU time of each
     * @param answerPackets frames that each was answered with
     * @param packetBytes size of such a frame
     * @param clients how many took part
     * @param backgroundVcpus vCPUs that computed beside the requests, on average while the guest was not paused
     */
    public record Moment(
            long lengthNanos,
            int requests,
            long serviceNanos,
            int answerPackets,
            int packetBytes,
            int clients,
            double backgroundVcpus) {
        public Moment {
            Checks.duration("lengthNanos", lengthNanos, 1);
            Checks.within("requests", requests, 0, 1 << 20);
            Checks.duration("serviceNanos", serviceNanos, 1);
            Checks.within("answerPackets", answerPackets, 1, 0xFFFF);
            Checks.within("packetBytes", packetBytes, 1, 1 << 20);
            Checks.within("clients", clients, 0, 0xFFFF);
            Checks.within("backgroundVcpus", backgroundVcpus, 0, 24);
        }
    }

    /**
     * @param moments one after the other, at least one
     * @param requestBytes size of a request's frame
     */
    public Course(List<Moment> moments, int requestBytes) {
        Checks.within("moments", moments.size(), 1, MAX_MOMENTS);
        this.moments = moments.toArray(Moment[]::new);
        this.requestBytes = (int) Checks.within("requestBytes", requestBytes, 1, 1 << 20);
        endNanos = new long[moments.size()];
        requestsUpTo = new int[moments.size()];
        long end = 0;
        long requests = 0;
        int most = 0;
        for (int i = 0; i < endNanos.length; i++) {
            end += this.moments[i].lengthNanos();
            requests += this.moments[i].requests();
            most = Math.max(most, this.moments[i].clients());
            endNanos[i] = end;
            requestsUpTo[i] = (int) Checks.within("requests", (double) requests, 0, Integer.MAX_VALUE);
        }
        mostClients = most;
    }

    /** How long it is. */
    public long totalNanos() {
        return endNanos[endNanos.length - 1];
    }

    /** How many requests come in it. */
    public int requests() {
        return requestsUpTo[requestsUpTo.length - 1];
    }

    /** The most clients that ever take part. */
    public int mostClients() {
        return mostClients;
    }

    /** vCPU time of a request, on average over the requests; 0 when there is none. */
    double meanServiceNanos() {
        double sum = 0;
        for (Moment moment : moments) {
            sum += (double) moment.requests() * moment.serviceNanos();
        }
        return requests() == 0 ? 0 : sum / requests();
    }

    int requestBytes() {
        return requestBytes;
    }

    Moment moment(int index) {
        return moments[index];
    }

    /** Index of the moment that {@code atNanos} lies in. */
    int indexAt(long atNanos) {
        int found = Arrays.binarySearch(endNanos, atNanos % totalNanos());
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** When the moment that {@code atNanos} lies in ends. */
    long endAfter(long atNanos) {
        return atNanos - atNanos % totalNanos() + endNanos[indexAt(atNanos)];
    }

    /** When the moment that {@code atNanos} lies in began. */
    long startBefore(long atNanos) {
        int index = indexAt(atNanos);
        return atNanos - atNanos % totalNanos() + endNanos[index] - moments[index].lengthNanos();
    }

    /** Index of the moment in which request {@code number} comes. */
    int indexOfRequest(int number) {
        int low = 0;
        int high = requestsUpTo.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (requestsUpTo[middle] > number) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** When request {@code number} comes, from the start of the course: those of a moment spread evenly over it. */
    long arrivalNanos(int number) {
        int index = indexOfRequest(number);
        Moment moment = moments[index];
        double place = (number - (requestsUpTo[index] - moment.requests()) + 0.5) / moment.requests();
        return endNanos[index] - moment.lengthNanos() + (long) (place * moment.lengthNanos());
    }

    /** The first moment from {@code atNanos} on at which client {@code client}, below the most, takes part. */
    long nextTaking(int client, long atNanos) {
        int index = indexAt(atNanos);
        if (moments[index].clients() > client) {
            return atNanos;
        }
        long base = atNanos - atNanos % totalNanos();
        for (int i = 1; i <= moments.length; i++) {
            int at = (index + i) % moments.length;
            if (moments[at].clients() > client) {
                long round = index + i >= moments.length ? totalNanos() : 0;
                return base + round + endNanos[at] - moments[at].lengthNanos();
            }
        }
        throw new IllegalArgumentException("client " + client + " of " + mostClients + " never takes part");
    }
}
