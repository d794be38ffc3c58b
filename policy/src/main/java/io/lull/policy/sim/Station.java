package io.lull.policy.sim;

/**
 * One activity's work inside the simulated guest: what queues, what is being worked on, and what its clients got. What
 * the work is and who asks for it is a subclass's.
 */
abstract class Station {
    final Guest guest;
    final int index;
    final Activity.Schedule schedule;
    /** Connections. */
    final int clients;

    private final int workers;
    private long[] queue = new long[16];
    private int head;
    private int queued;
    final long[] active;
    final double[] remainingNanos;
    int actives;
    /** Threads without a request behind them that are runnable now. */
    int threads;
    /** Requests that came from outside and are not answered, disk included. */
    int pending;

    int onDisk;
    /** What the guest has sent, delivered or held: answers, or bytes of flows. */
    double sent;

    /** Answers that reached their clients. */
    long answers;
    /** Bytes of flows that reached their receivers. */
    double bytes;

    double backgroundNanos;

    Station(Guest guest, int index, Activity.Schedule schedule, int clients, int workers) {
        this.guest = guest;
        this.index = index;
        this.schedule = schedule;
        this.clients = clients;
        this.workers = workers;
        active = new long[workers];
        remainingNanos = new double[workers];
    }

    static Station of(Activity activity, Guest guest, int index, Draws arrivals) {
        if (activity instanceof Activity.Requests requests) {
            return new RequestStation(requests, guest, index, arrivals);
        }
        if (activity instanceof Activity.Bulk bulk) {
            return new FlowStation(bulk, guest, index);
        }
        if (activity instanceof Activity.Replay replay) {
            return new ReplayStation(replay, guest, index);
        }
        if (activity instanceof Activity.ReplayedBackground replayed) {
            return new ReplayedBackgroundStation(replayed, guest, index);
        }
        return new BackgroundStation((Activity.Background) activity, guest, index);
    }

    /** Announces the first events of the activity. */
    abstract void start();

    /** An event of the activity: a request, an answer of the disk, a peer's acknowledgement. */
    abstract void handle(long code, long nowNanos);

    /** The activity begins or ends. */
    void changed(long nowNanos) {}

    /** vCPU time that {@code work} takes. */
    abstract double serviceNanos(long work);

    /** Size of each frame of what {@code work} sends. */
    abstract int packetBytes(long work);

    /** {@code work} is computed: by custom it is sent. */
    void finished(long work, long nowNanos) {
        send(work, 1, nowNanos);
    }

    /** A frame left the gate: its receiver gets it, and may react. */
    void delivered(long work, long nowNanos) {}

    /** Whether its computation is something that a run is judged by. */
    boolean isCounted() {
        return true;
    }

    /** Requests and uploads that look unanswered from outside. */
    int waiting() {
        return Math.min(clients, pending);
    }

    /** Connections that wait for what the open epoch holds. */
    int openWaiting() {
        return 0;
    }

    /** Connections that wait for what is held of any epoch. */
    int heldWaiting() {
        return 0;
    }

    /** Further connections that take turns and that the guest owes something. */
    int asking() {
        return 0;
    }

    /** Flows whose window is full. */
    int fullWindows() {
        return 0;
    }

    /** Bytes that the guest has sent on flows and nobody has acknowledged. */
    long unacknowledgedBytes() {
        return 0;
    }

    /** Hands frames to the gate. */
    final void send(long work, int packets, long nowNanos) {
        guest.send(work, packets, packetBytes(work), nowNanos);
    }

    final void enqueue(long work) {
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
    final void begin() {
        while (actives < workers && queued > 0) {
            long work = queue[head];
            head = (head + 1) % queue.length;
            queued--;
            active[actives] = work;
            remainingNanos[actives] = serviceNanos(work);
            actives++;
        }
    }

    /** Takes a finished piece of work out. */
    final long finish(int slot) {
        long work = active[slot];
        actives--;
        active[slot] = active[actives];
        remainingNanos[slot] = remainingNanos[actives];
        return work;
    }

    void copyFrom(Station other) {
        if (queue.length < other.queued) {
            queue = new long[other.queue.length];
        }
        int untilEnd = Math.min(other.queued, other.queue.length - other.head);
        System.arraycopy(other.queue, other.head, queue, 0, untilEnd);
        System.arraycopy(other.queue, 0, queue, untilEnd, other.queued - untilEnd);
        head = 0;
        queued = other.queued;
        System.arraycopy(other.active, 0, active, 0, other.actives);
        System.arraycopy(other.remainingNanos, 0, remainingNanos, 0, other.actives);
        actives = other.actives;
        threads = other.threads;
        pending = other.pending;
        onDisk = other.onDisk;
        sent = other.sent;
        answers = other.answers;
        bytes = other.bytes;
        backgroundNanos = other.backgroundNanos;
    }
}
