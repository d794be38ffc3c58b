package io.lull.policy.sim;

import io.lull.policy.TriggerReason;

/**
 * A protected VM as a discrete-event model: guest, output gate, and the life of its checkpoints from the order to the
 * commit. It decides nothing; {@link #checkpoint} is the only lever. Deterministic, and it can be forked.
 *
 * <pre>
 * order ─orderNanos─▶ PAUSE (output cut) ─pause(D)─▶ RESUME ─ship(D), one after the other─▶ ack ─▶ COMMIT (release)
 * </pre>
 */
final class SimulatedVm {
    /** Told of what becomes of each checkpoint, as it happens. */
    interface CheckpointListener {
        /** The guest stands still. */
        default void paused(Checkpoint checkpoint) {}

        /** The guest runs on, and its pages are captured. */
        default void resumed(Checkpoint checkpoint) {}

        /** The backup has it, and what was sent before it is released. */
        void committed(Checkpoint checkpoint, long releasedPackets, long oldestHeldNanos);
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
    private final CheckpointsInFlight inFlight;
    private CheckpointListener listener = (checkpoint, packets, held) -> {};
    private long nowNanos;
    private long epoch = 1;
    private long resumedAt;
    private long lastPauseNanos;
    private long stalledUntil;
    private double workAtResume;
    private long lastCut;
    /** Output that waits longer than this counts as late. */
    private long lateNanos = Long.MAX_VALUE;

    /** Output sent earlier is nobody's fault. */
    private long lateSince;

    private long lateFrames;
    private boolean paused;
    private boolean ordered;
    private TriggerReason orderedReason = TriggerReason.FALLBACK;
    private double orderedBusyRatio;

    /**
     * @param unprotected whether frames pass at once and nothing is ever paused: what a schedule is compared with
     */
    SimulatedVm(Workload workload, CostModel cost, long seed, boolean unprotected) {
        this.workload = workload;
        this.cost = cost;
        this.unprotected = unprotected;
        this.inFlight = new CheckpointsInFlight(cost);
        Draws seeds = new Draws(seed);
        draws.copyFrom(new Draws(seeds.nextLong()));
        costDraws.copyFrom(new Draws(seeds.nextLong()));
        guest = new Guest(workload, events, gate, draws);
        guest.start();
    }

    void listen(CheckpointListener next) {
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

    /** Whether the guest stands still. */
    boolean isPaused() {
        return paused;
    }

    /** Whether a checkpoint can be ordered now. */
    boolean isReady() {
        return !ordered && !paused && !inFlight.isFull();
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

    /** Counts frames sent from now on that wait longer than {@code nanos}. */
    void countLate(long nanos) {
        lateNanos = nanos;
        lateSince = nowNanos;
        lateFrames = 0;
    }

    /** Frames that waited too long; if the oldest one held does, it counts too. */
    long lateFrames() {
        boolean oldestIsLate = gate.oldestHeldNanos(nowNanos) > lateNanos && gate.oldestSentAt() >= lateSince;
        return lateFrames + (oldestIsLate ? 1 : 0);
    }

    /** Keeps the link busy until {@code atNanos}: a fault. */
    void stallLink(long atNanos) {
        inFlight.stallLink(atNanos);
    }

    /** Bytes of captured checkpoints that the link still has to send. */
    long linkBacklogBytes() {
        return inFlight.backlogBytes(nowNanos);
    }

    /** Pages that are dirty in the open epoch. */
    double dirtyPages() {
        return workload.dirty().pages(workAtResume, guest.workNanos);
    }

    /** Age of the oldest frame that was sent in the open epoch; 0 when there is none. */
    long oldestOpenNanos() {
        return gate.ageOfFirstSince(lastCut, nowNanos);
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
                double done = guest.untilNextDone();
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
            guest.advance(until - nowNanos);
            nowNanos = until;
            guest.finishDone(nowNanos);
            if (unprotected) {
                releaseBefore(gate.end());
            }
        } else {
            if (!paused) {
                guest.stall(until - nowNanos);
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
        Checkpoint next = inFlight.add();
        next.epoch = epoch;
        next.reason = orderedReason;
        next.busyRatio = orderedBusyRatio;
        next.pausedAt = nowNanos;
        next.lengthNanos = nowNanos - resumedAt;
        next.inSlot = guest.rests();
        next.dirtyPages = dirtyPages();
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
        inFlight.ship(next, resumedAt);
        events.add(resumedAt, Codes.of(Codes.RESUME, 0, 0, 0));
        events.add(next.commitAt, Codes.of(Codes.COMMIT, 0, 0, 0));
        long stallLeft = Math.max(0, stalledUntil - nowNanos);
        stalledUntil = resumedAt + stallLeft + (long) cost.stallNanosOf(next.dirtyPages);
        listener.paused(next);
    }

    private void resume() {
        paused = false;
        epoch++;
        listener.resumed(inFlight.newest());
    }

    private void commit() {
        Checkpoint done = inFlight.removeOldest();
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
            lateFrames += heldNanos > lateNanos && gate.oldestSentAt() >= lateSince ? packets : 0;
            gate.release(guest.packetBytes(work));
            guest.delivered(work, nowNanos);
            released += packets;
        }
        return released;
    }

    /** Becomes what {@code other}, of the same workload and costs, is now; listeners are not taken over. */
    void copyFrom(SimulatedVm other) {
        forkFrom(other);
        outputDelay.copyFrom(other.outputDelay);
    }

    /** Goes on from here like {@code other}, without its output delays so far: most of what there is to copy. */
    void forkFrom(SimulatedVm other) {
        guest.copyFrom(other.guest);
        gate.copyFrom(other.gate);
        events.copyFrom(other.events);
        draws.copyFrom(other.draws);
        costDraws.copyFrom(other.costDraws);
        inFlight.copyFrom(other.inFlight);
        nowNanos = other.nowNanos;
        epoch = other.epoch;
        resumedAt = other.resumedAt;
        lastPauseNanos = other.lastPauseNanos;
        stalledUntil = other.stalledUntil;
        workAtResume = other.workAtResume;
        lastCut = other.lastCut;
        lateNanos = other.lateNanos;
        lateSince = other.lateSince;
        lateFrames = other.lateFrames;
        paused = other.paused;
        ordered = other.ordered;
        orderedReason = other.orderedReason;
        orderedBusyRatio = other.orderedBusyRatio;
    }
}
