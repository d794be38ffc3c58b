package io.lull.policy.sim;

import io.lull.policy.sim.Course.Moment;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a {@link Course} out of a recording, a moment for each sample.
 *
 * <p>Samples are put together until nothing pends, at most {@value #BURST_NANOS} ns: what was asked in such a burst is
 * what was answered in it. So each of its R requests took (run − β · guest time) / R of vCPU time, and got its share of
 * the frames and bytes sent, where β is what went on in the last bursts in which nothing was asked or sent. A burst in
 * which more came in than went out has as many requests as frames went out (the rest acknowledged), and one in which
 * nothing came in has a request for each frame that the guest sent of its own accord. Requests come when they were seen
 * to come; a moment without one keeps what the last ones took and got.
 */
final class RecordedCourse {
    private static final long BURST_NANOS = 50_000_000;
    private static final long CLIENTS_NANOS = 50_000_000;
    private static final double BACKGROUND_TAU_NANOS = 100e6;
    private static final int MAX_CLIENTS = 0xFFFF;
    private static final int MAX_PACKETS = 0xFFFF;
    private static final int MAX_PACKET_BYTES = 1 << 20;
    private static final int MAX_REQUESTS = 1 << 20;

    private final RecordedSeries series;
    private final List<Moment> moments = new ArrayList<>();
    private final int[] clients;
    private double backgroundVcpus;
    private long serviceNanos;
    private double packetsPerAnswer;
    private int packetBytes;
    private double packetsLeft;
    private double requestsLeft;

    private RecordedCourse(RecordedSeries series) {
        this.series = series;
        double requests = Math.max(1, Math.min(sumOf(series.asked), sumOf(series.sentPackets)));
        backgroundVcpus = series.backgroundVcpus();
        double background = backgroundVcpus * sumOf(series.guestNanos);
        serviceNanos = (long) Math.max(1, (series.totalRunNanos() - background) / requests);
        packetsPerAnswer = Math.max(1, sumOf(series.sentPackets) / requests);
        packetBytes = packetBytes(sumOf(series.sentBytes), sumOf(series.sentPackets));
        clients = clients();
    }

    static Course of(RecordedSeries series) {
        return new RecordedCourse(series).course();
    }

    /**
     * Mean time from an answer that reached its client to the client's next request: the time of clients that neither
     * wait for the guest nor for held output, over the requests.
     */
    static double awayNanos(RecordedSeries series, Course course) {
        double packets = Math.max(1, sumOf(series.sentPackets) / Math.max(1, course.requests()));
        double away = 0;
        for (int i = 0; i < series.size; i++) {
            double waiting = series.pending[i] + series.heldPackets[i] / packets;
            away += Math.max(0, course.moment(i).clients() - waiting) * series.lengthNanos[i];
        }
        return away / Math.max(1, course.requests());
    }

    private Course course() {
        int first = 0;
        double lengthNanos = 0;
        for (int i = 0; i < series.size; i++) {
            lengthNanos += series.lengthNanos[i];
            if (series.pending[i] == 0 || lengthNanos >= BURST_NANOS || i == series.size - 1) {
                burst(first, i + 1);
                first = i + 1;
                lengthNanos = 0;
            }
        }
        return new Course(moments, series.requestBytes);
    }

    private void burst(int from, int to) {
        double asked = sum(series.asked, from, to);
        double sent = sum(series.sentPackets, from, to);
        double run = sum(series.runNanos, from, to);
        double guest = sum(series.guestNanos, from, to);
        double requests = asked == 0 ? sent : Math.min(asked, sent);
        if (requests == 0) {
            for (int i = from; i < to; i++) {
                add(i, 0, restingVcpus(i));
            }
            return;
        }
        double background = Math.min(backgroundVcpus, run / guest);
        serviceNanos = (long) Math.max(1, (run - background * guest) / requests);
        packetsPerAnswer = Math.max(1, sent / requests);
        packetBytes = packetBytes(sum(series.sentBytes, from, to), sent);
        for (int i = from; i < to; i++) {
            double share = asked == 0 ? series.sentPackets[i] / sent : series.asked[i] / asked;
            requestsLeft += requests * share;
            int whole = (int) Math.max(0, Math.min(MAX_REQUESTS, Math.floor(requestsLeft + 1e-6)));
            requestsLeft -= whole;
            add(i, whole, background);
        }
    }

    /** vCPUs that computed in a sample in which nothing was asked; of one that was mostly a pause those of the last ones. */
    private double restingVcpus(int sample) {
        long guestNanos = series.guestNanos[sample];
        if (2 * guestNanos < series.lengthNanos[sample]) {
            return backgroundVcpus;
        }
        double vcpus = Math.min(series.vcpus, (double) series.runNanos[sample] / guestNanos);
        double gain = 1 - Math.exp(-guestNanos / BACKGROUND_TAU_NANOS);
        backgroundVcpus += gain * (vcpus - backgroundVcpus);
        return vcpus;
    }

    private void add(int sample, int requests, double vcpus) {
        double packets = packetsPerAnswer + (requests > 0 ? packetsLeft : 0);
        int whole = (int) Math.max(1, Math.min(MAX_PACKETS, Math.round(packets)));
        if (requests > 0) {
            packetsLeft = packets - whole;
        }
        moments.add(new Moment(
                series.lengthNanos[sample], requests, serviceNanos, whole, packetBytes, clients[sample], vcpus));
    }

    /** Who takes part: the most that wait for the guest or for held output in these {@value #CLIENTS_NANOS} ns and next. */
    private int[] clients() {
        int[] block = new int[series.size];
        double lengthNanos = 0;
        for (int i = 0; i < series.size; i++) {
            block[i] = (int) (lengthNanos / CLIENTS_NANOS);
            lengthNanos += series.lengthNanos[i];
        }
        int[] most = new int[block[series.size - 1] + 1];
        for (int i = 0; i < series.size; i++) {
            most[block[i]] = Math.max(most[block[i]], takingPart(i));
        }
        int[] clients = new int[series.size];
        for (int i = 0; i < series.size; i++) {
            int before = most[Math.max(0, block[i] - 1)];
            int after = most[Math.min(most.length - 1, block[i] + 1)];
            clients[i] = Math.max(most[block[i]], Math.max(before, after));
        }
        return clients;
    }

    private int takingPart(int sample) {
        int pending = series.pending[sample];
        double held = Math.ceil(series.heldPackets[sample] / packetsPerAnswer);
        int connections = series.connections[sample];
        double others = connections > 0 ? Math.max(0, connections - pending) : MAX_CLIENTS;
        boolean somebody = series.asked[sample] > 0 || series.sentPackets[sample] > 0;
        return (int) Math.min(MAX_CLIENTS, Math.max(somebody ? 1 : 0, pending + Math.min(held, others)));
    }

    private static int packetBytes(double bytes, double packets) {
        return (int) Math.max(1, Math.min(MAX_PACKET_BYTES, packets > 0 ? bytes / packets : 1));
    }

    private static double sumOf(long[] values) {
        return RecordedSeries.sum(values);
    }

    private static double sum(long[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }
}
