package io.lull.policy.sim;

import java.util.Arrays;

/** One activity's work inside the simulated guest: what queues, what is being worked on, and what its clients got. */
final class Station {
    final Activity activity;
    /** Of its own, so that requests come at the same times whatever the schedule does. */
    final Draws arrivals;

    final int index;
    final int clients;
    private final int workers;
    private long[] queue = new long[16];
    private int head;
    private int queued;
    final long[] active;
    final double[] remainingNanos;
    int actives;
    /** Requests that came from outside and are not answered, disk included. */
    int pending;

    int onDisk;
    /** Per flow: window, bytes sent and not acknowledged, bytes that wait to be sent. */
    final int[] windowBytes;

    final int[] flightBytes;
    /** What the guest has sent, delivered or held. */
    double sent;

    long answers;
    double bytes;
    double backgroundNanos;

    Station(Activity activity, int index, Draws arrivals) {
        this.arrivals = arrivals;
        this.activity = activity;
        this.index = index;
        if (activity instanceof Activity.Requests requests) {
            clients = requests.clients();
            workers = requests.workers();
        } else if (activity instanceof Activity.Bulk bulk) {
            clients = bulk.flows();
            workers = 1;
        } else {
            clients = 0;
            workers = 0;
        }
        active = new long[workers];
        remainingNanos = new double[workers];
        boolean flows = activity instanceof Activity.Bulk;
        windowBytes = new int[flows ? clients : 0];
        flightBytes = new int[flows ? clients : 0];
        if (activity instanceof Activity.Bulk bulk) {
            Arrays.fill(windowBytes, bulk.firstWindowBytes());
        }
    }

    /** Background threads that are runnable at {@code nowNanos}. */
    int threadsAt(long nowNanos) {
        return activity instanceof Activity.Background background
                        && background.schedule().isOn(nowNanos)
                ? background.threads()
                : 0;
    }

    void enqueue(long work) {
        if (queued == queue.length) {
            long[] larger = new long[2 * queued];
            for (int i = 0; i < queued; i++) {
                larger[i] = queue[(head + i) % queued];
            }
            queue = larger;
            head = 0;
        }
        queue[(head + queued) % queue.length] = work;
        queued++;
    }

    /** Lets idle workers begin what queues. */
    void begin(Draws draws) {
        while (actives < workers && queued > 0) {
            long work = queue[head];
            head = (head + 1) % queue.length;
            queued--;
            active[actives] = work;
            remainingNanos[actives] = serviceNanos(work, draws);
            actives++;
        }
    }

    private double serviceNanos(long work, Draws draws) {
        if (activity instanceof Activity.Requests requests) {
            double mean = requests.serviceNanos();
            double spread = requests.spreadRatio();
            return spread == 0 ? mean : (1 - spread) * mean + draws.exponential(spread * mean);
        }
        Activity.Bulk bulk = (Activity.Bulk) activity;
        return Math.max(1, bulk.nanosPerKibibyte() * Codes.bytes(work) / 1024.0);
    }

    /** Takes a finished piece of work out. */
    long finish(int slot) {
        long work = active[slot];
        actives--;
        active[slot] = active[actives];
        remainingNanos[slot] = remainingNanos[actives];
        return work;
    }

    boolean isAtRest() {
        return actives == 0 && queued == 0;
    }

    void copyFrom(Station other) {
        if (queue.length < other.queue.length) {
            queue = new long[other.queue.length];
        }
        for (int i = 0; i < other.queued; i++) {
            queue[i] = other.queue[(other.head + i) % other.queue.length];
        }
        head = 0;
        queued = other.queued;
        System.arraycopy(other.active, 0, active, 0, active.length);
        System.arraycopy(other.remainingNanos, 0, remainingNanos, 0, remainingNanos.length);
        arrivals.copyFrom(other.arrivals);
        actives = other.actives;
        pending = other.pending;
        onDisk = other.onDisk;
        System.arraycopy(other.windowBytes, 0, windowBytes, 0, windowBytes.length);
        System.arraycopy(other.flightBytes, 0, flightBytes, 0, flightBytes.length);
        sent = other.sent;
        answers = other.answers;
        bytes = other.bytes;
        backgroundNanos = other.backgroundNanos;
    }
}
