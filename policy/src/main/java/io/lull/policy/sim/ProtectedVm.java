package io.lull.policy.sim;

import io.lull.policy.TriggerReason;
import io.lull.policy.signal.SampleView;
import java.util.Arrays;

/**
 * A protected VM as a discrete-event model: guest, output gate, and the life of its checkpoints from the order to the
 * commit. It decides nothing; {@link #checkpoint} is the only lever. Deterministic, and it can be forked.
 *
 * <pre>
 * order ─orderNanos─▶ PAUSE (output cut) ─pause(D)─▶ RESUME ─ship(D), one after the other─▶ ack ─▶ COMMIT (release)
 * </pre>
 */
final class ProtectedVm {
    /** Told of each commit. */
    interface CommitListener {
        void committed(Checkpoint checkpoint, long releasedPackets, long oldestHeldNanos);
    }

    /** One checkpoint on its way. */
    static final class Checkpoint {
        long epoch;
        TriggerReason reason = TriggerReason.FALLBACK;
        long pausedAt;
        long lengthNanos;
        double pauseNanos;
        double dirtyPages;
        double shippedBytes;
        long shipNanos;
        long commitAt;
        long gateCut;
        boolean inSlot;
        double busyRatio;

        private void copyFrom(Checkpoint other) {
            epoch = other.epoch;
            reason = other.reason;
            pausedAt = other.pausedAt;
            lengthNanos = other.lengthNanos;
            pauseNanos = other.pauseNanos;
            dirtyPages = other.dirtyPages;
            shippedBytes = other.shippedBytes;
            shipNanos = other.shipNanos;
            commitAt = other.commitAt;
            gateCut = other.gateCut;
            inSlot = other.inSlot;
            busyRatio = other.busyRatio;
        }
    }

    final Workload workload;
    final CostModel cost;
    final Guest guest;
    final Gate gate = new Gate();
    final Delays outputDelay = new Delays();
    private final boolean unprotected;
    private final Events events = new Events();
    private final Draws draws = new Draws(0);
    private final Draws costDraws = new Draws(0);
    private final Checkpoint[] inFlight;
    private CommitListener listener = (checkpoint, packets, held) -> {};
    private int firstInFlight;
    private int inFlights;
    private long nowNanos;
    private long epoch = 1;
    private long resumedAt;
    private long lastPauseNanos;
    private long stalledUntil;
    private long linkFreeAt;
    private double workAtResume;
    private long lastCut;
    /** Output that waits longer than this counts as late. */
    private long lateNanos = Long.MAX_VALUE;

    private long lateFrames;
    private boolean paused;
    private boolean ordered;
    private TriggerReason orderedReason = TriggerReason.FALLBACK;
    private double orderedBusyRatio;

    /**
     * @param unprotected whether frames pass at once and nothing is ever paused: what a schedule is compared with
     */
    ProtectedVm(Workload workload, CostModel cost, long seed, boolean unprotected) {
        this.workload = workload;
        this.cost = cost;
        this.unprotected = unprotected;
        this.inFlight = new Checkpoint[cost.maxInFlight()];
        Arrays.setAll(inFlight, i -> new Checkpoint());
        Draws seeds = new Draws(seed);
        draws.copyFrom(new Draws(seeds.nextLong()));
        costDraws.copyFrom(new Draws(seeds.nextLong()));
        guest = new Guest(workload, events, gate, draws);
        guest.start();
    }

    void listen(CommitListener next) {
        listener = next;
    }

    long nowNanos() {
        return nowNanos;
    }

    long epoch() {
        return epoch;
    }

    long lastPauseNanos() {
        return lastPauseNanos;
    }

    /** How long the guest has run since the last resume; 0 while it stands. */
    long elapsedNanos() {
        return paused ? 0 : nowNanos - resumedAt;
    }

    /** Whether a checkpoint can be ordered now. */
    boolean isReady() {
        return !ordered && !paused && inFlights < inFlight.length;
    }

    /** Orders a checkpoint; only while {@link #isReady()}. {@code busyRatio} is what the worker saw when it did. */
    void checkpoint(TriggerReason reason, double busyRatio) {
        if (!isReady()) {
            throw new IllegalStateException("a checkpoint is under way at " + nowNanos + " ns");
        }
        ordered = true;
        orderedReason = reason;
        orderedBusyRatio = busyRatio;
        events.add(nowNanos + cost.orderNanos(), Codes.of(Codes.PAUSE, 0, 0, 0));
    }

    /** Counts frames that wait longer than {@code nanos} from now on. */
    void countLate(long nanos) {
        lateNanos = nanos;
        lateFrames = 0;
    }

    /** Frames that waited too long, those that still do included. */
    boolean isLate() {
        return lateFrames > 0 || gate.oldestHeldNanos(nowNanos) > lateNanos;
    }

    /** Keeps the link busy until {@code atNanos}: a fault. */
    void stallLink(long atNanos) {
        linkFreeAt = Math.max(linkFreeAt, atNanos);
    }

    /** Lets time pass. */
    void runUntil(long atNanos) {
        while (nowNanos < atNanos) {
            boolean runs = !paused && nowNanos >= stalledUntil;
            long until = Math.min(atNanos, events.nextAt());
            if (!paused && nowNanos < stalledUntil) {
                until = Math.min(until, stalledUntil);
            }
            if (runs) {
                double done = guest.untilNextDone(nowNanos);
                if (done < until - nowNanos) {
                    until = nowNanos + (long) Math.ceil(done);
                }
            }
            pass(until, runs);
            while (events.nextAt() <= nowNanos) {
                handle(events.poll());
            }
        }
    }

    private void pass(long until, boolean runs) {
        if (runs && until > nowNanos) {
            guest.advance(nowNanos, until - nowNanos);
            nowNanos = until;
            guest.finishDone(nowNanos);
            if (unprotected) {
                releaseBefore(gate.end());
            }
        } else {
            if (!paused) {
                guest.stall(nowNanos, until - nowNanos);
            }
            nowNanos = until;
        }
    }

    private void handle(long code) {
        switch (Codes.kind(code)) {
            case Codes.PAUSE -> pause();
            case Codes.RESUME -> resume();
            case Codes.COMMIT -> commit();
            case Codes.DISK -> {
                if (paused) {
                    // The disk has answered, but nobody is there to hear it before the guest runs on.
                    events.add(resumedAt, code);
                } else {
                    guest.handle(code, nowNanos);
                }
            }
            default -> guest.handle(code, nowNanos);
        }
        if (unprotected) {
            releaseBefore(gate.end());
        }
    }

    private void pause() {
        Checkpoint next = inFlight[(firstInFlight + inFlights) % inFlight.length];
        inFlights++;
        next.epoch = epoch;
        next.reason = orderedReason;
        next.busyRatio = orderedBusyRatio;
        next.pausedAt = nowNanos;
        next.lengthNanos = nowNanos - resumedAt;
        next.inSlot = guest.rests(nowNanos);
        next.dirtyPages = workload.dirty().pages(workAtResume, guest.workNanos);
        next.pauseNanos = cost.pauseNanosOf(next.dirtyPages) * costDraws.jitter(cost.jitterRatio());
        next.shippedBytes = cost.wireBytesOf(next.dirtyPages);
        next.gateCut = gate.end();
        lastCut = next.gateCut;
        gate.cut();
        paused = true;
        ordered = false;
        lastPauseNanos = (long) next.pauseNanos;
        resumedAt = nowNanos + lastPauseNanos;
        workAtResume = guest.workNanos;
        long shipNanos = (long) cost.shipNanosOf(next.dirtyPages);
        long shipped = Math.max(resumedAt, linkFreeAt) + shipNanos;
        linkFreeAt = shipped;
        next.shipNanos = shipped - resumedAt;
        next.commitAt = shipped + cost.ackNanos();
        events.add(resumedAt, Codes.of(Codes.RESUME, 0, 0, 0));
        events.add(next.commitAt, Codes.of(Codes.COMMIT, 0, 0, 0));
        long stallLeft = Math.max(0, stalledUntil - nowNanos);
        stalledUntil = resumedAt + stallLeft + (long) cost.stallNanosOf(next.dirtyPages);
    }

    private void resume() {
        paused = false;
        epoch++;
    }

    private void commit() {
        Checkpoint done = inFlight[firstInFlight];
        firstInFlight = (firstInFlight + 1) % inFlight.length;
        inFlights--;
        long heldNanos = gate.isEmptyBefore(done.gateCut) ? 0 : nowNanos - gate.oldestSentAt();
        long released = releaseBefore(done.gateCut);
        listener.committed(done, released, heldNanos);
    }

    private long releaseBefore(long cut) {
        long released = 0;
        while (!gate.isEmptyBefore(cut)) {
            long work = gate.oldestCode();
            int packets = gate.oldestPackets();
            long heldNanos = nowNanos - gate.oldestSentAt();
            outputDelay.add(heldNanos, packets);
            lateFrames += heldNanos > lateNanos ? packets : 0;
            gate.release(guest.packetBytes(guest.stations[Codes.station(work)], work));
            guest.delivered(work, nowNanos);
            released += packets;
        }
        return released;
    }

    /** Fills the levels of a sample that ends now; the caller adds what is counted over its interval. */
    void fillLevels(SampleView view) {
        view.epoch = epoch;
        view.elapsedNanos = elapsedNanos();
        view.sampledAtMicros = nowNanos / 1000;
        view.vcpus = workload.vcpus();
        view.heldPackets = gate.heldPackets;
        view.heldBytes = gate.heldBytes;
        view.oldestHeldNanos = gate.oldestHeldNanos(nowNanos);
        view.openPackets = gate.packetsSinceCut();
        view.oldestOpenNanos = gate.ageOfFirstSince(lastCut, nowNanos);
        int connections = 0;
        int pending = 0;
        int onDisk = 0;
        int full = 0;
        long flight = 0;
        for (Station station : guest.stations) {
            connections += station.clients;
            onDisk += station.onDisk;
            pending += Math.min(station.clients, station.pending);
            if (station.activity instanceof Activity.Bulk bulk) {
                pending += bulk.outbound() ? 0 : bulk.flows();
                for (int flow = 0; flow < station.clients; flow++) {
                    full += station.flightBytes[flow] >= station.windowBytes[flow] ? 1 : 0;
                    flight += bulk.outbound() ? station.flightBytes[flow] : 0;
                }
            }
        }
        view.connections = connections;
        view.requestsPending = pending;
        view.diskInFlight = onDisk;
        view.windowFull = full;
        view.zeroWindow = 0;
        view.stalled = view.oldestHeldNanos > STALLED_NANOS ? (int) Math.min(connections, gate.heldPackets) : 0;
        view.bytesInFlight = Math.max(flight, gate.heldBytes);
        view.linkKnown = true;
        view.linkBytesPerSecond = cost.linkBytesPerSecond();
        view.linkBacklogBytes = (long) (Math.max(0.0, linkFreeAt - nowNanos) * (cost.linkBytesPerSecond() / 1e9));
    }

    /** Pages that are dirty in the open epoch. */
    double dirtyPages() {
        return workload.dirty().pages(workAtResume, guest.workNanos);
    }

    /** Becomes what {@code other}, of the same workload and costs, is now; listeners are not taken over. */
    void copyFrom(ProtectedVm other) {
        guest.copyFrom(other.guest);
        gate.copyFrom(other.gate);
        events.copyFrom(other.events);
        draws.copyFrom(other.draws);
        costDraws.copyFrom(other.costDraws);
        outputDelay.copyFrom(other.outputDelay);
        for (int i = 0; i < inFlight.length; i++) {
            inFlight[i].copyFrom(other.inFlight[i]);
        }
        firstInFlight = other.firstInFlight;
        inFlights = other.inFlights;
        nowNanos = other.nowNanos;
        epoch = other.epoch;
        resumedAt = other.resumedAt;
        lastPauseNanos = other.lastPauseNanos;
        stalledUntil = other.stalledUntil;
        linkFreeAt = other.linkFreeAt;
        workAtResume = other.workAtResume;
        lastCut = other.lastCut;
        lateNanos = other.lateNanos;
        lateFrames = other.lateFrames;
        paused = other.paused;
        ordered = other.ordered;
        orderedReason = other.orderedReason;
        orderedBusyRatio = other.orderedBusyRatio;
    }

    private static final long STALLED_NANOS = 2_000_000;
}
