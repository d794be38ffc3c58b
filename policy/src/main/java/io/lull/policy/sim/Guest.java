package io.lull.policy.sim;

/**
 * The inside of the simulated VM: requests, flows and computation share its vCPUs fairly.
 *
 * <p>With n runnable and V vCPUs each goes on at speed min(1, V/n). Time passes only in {@link #advance}; what is sent
 * goes to the gate.
 */
final class Guest {
    private static final double ROUNDING_NANOS = 0.5;

    final Station[] stations;
    /** For what activities draw as they go on. */
    final Draws draws;

    private final Workload workload;
    private final Events events;
    private final Gate gate;
    private double timerWorkNanos;
    /** vCPU time spent so far, in all. */
    double busyNanos;
    /** vCPU time that became work of the guest: what dirties pages. */
    double workNanos;

    long txPackets;
    long txBytes;
    long rxPackets;
    long rxBytes;
    long diskWrites;

    Guest(Workload workload, Events events, Gate gate, Draws draws) {
        this.workload = workload;
        this.events = events;
        this.gate = gate;
        this.draws = draws;
        stations = new Station[workload.activities().size()];
        for (int i = 0; i < stations.length; i++) {
            stations[i] = Station.of(workload.activities().get(i), this, i, new Draws(draws.nextLong()));
        }
    }

    /** The first events of every activity. */
    void start() {
        for (Station station : stations) {
            station.start();
            announceChange(station, 0);
        }
        if (workload.timerNanos() > 0) {
            events.add(workload.timerNanos(), Codes.of(Codes.TIMER, 0, 0, 0));
        }
    }

    private void announceChange(Station station, long nowNanos) {
        long next = station.schedule.nextChange(nowNanos);
        if (next < Long.MAX_VALUE / 8) {
            events.add(next, Codes.of(Codes.CHANGE, station.index, 0, 0));
        }
    }

    private int runnable() {
        int runnable = timerWorkNanos > 0 ? 1 : 0;
        for (Station station : stations) {
            runnable += station.actives + station.threads;
        }
        return runnable;
    }

    /** Whether there is nothing to compute. */
    boolean rests() {
        return runnable() == 0;
    }

    /** How long until the first piece of work is done, if the guest runs. */
    double untilNextDone() {
        double least = timerWorkNanos > 0 ? timerWorkNanos : Double.MAX_VALUE;
        for (Station station : stations) {
            for (int i = 0; i < station.actives; i++) {
                least = Math.min(least, station.remainingNanos[i]);
            }
        }
        return least == Double.MAX_VALUE ? least : least / speed(runnable());
    }

    private double speed(int runnable) {
        return Math.min(1, (double) workload.vcpus() / Math.max(1, runnable));
    }

    /** Lets the guest run for {@code nanos}, in which nothing arrives and at most one piece of work becomes done. */
    void advance(double nanos) {
        int runnable = runnable();
        if (runnable == 0) {
            return;
        }
        double done = nanos * speed(runnable);
        double spent = Math.min(workload.vcpus(), runnable) * nanos;
        busyNanos += spent;
        workNanos += spent;
        timerWorkNanos = Math.max(0, timerWorkNanos - done);
        for (Station station : stations) {
            for (int i = 0; i < station.actives; i++) {
                station.remainingNanos[i] -= done;
            }
            station.backgroundNanos += done * station.threads;
        }
    }

    /** Lets {@code nanos} pass in which write faults hold the guest up: who has work looks busy, and none gets done. */
    void stall(double nanos) {
        busyNanos += Math.min(workload.vcpus(), runnable()) * nanos;
    }

    /** Takes out what is done at {@code nowNanos}: answers go to the gate or wait for the disk. */
    void finishDone(long nowNanos) {
        for (Station station : stations) {
            for (int i = station.actives - 1; i >= 0; i--) {
                if (station.remainingNanos[i] <= ROUNDING_NANOS) {
                    station.finished(station.finish(i), nowNanos);
                }
            }
            station.begin();
        }
        if (timerWorkNanos <= ROUNDING_NANOS) {
            timerWorkNanos = 0;
        }
    }

    /** An event of the guest's own or of its clients. */
    void handle(long code, long nowNanos) {
        Station station = stations[Codes.station(code)];
        switch (Codes.kind(code)) {
            case Codes.TIMER -> {
                timerWorkNanos += workload.timerWorkNanos();
                events.add(nowNanos + workload.timerNanos(), code);
            }
            case Codes.CHANGE -> {
                station.changed(nowNanos);
                announceChange(station, nowNanos);
            }
            default -> station.handle(code, nowNanos);
        }
    }

    /** What the gate lets go of reaches its client. */
    void delivered(long work, long nowNanos) {
        stations[Codes.station(work)].delivered(work, nowNanos);
    }

    /** Size of each frame of what {@code work} sent. */
    int packetBytes(long work) {
        return stations[Codes.station(work)].packetBytes(work);
    }

    /** How often the gate was cut: tells what was sent in the open epoch from what was before it. */
    long cuts() {
        return gate.cuts;
    }

    void announce(long atNanos, long code) {
        events.add(atNanos, code);
    }

    /** Hands frames to the gate. */
    void send(long work, int packets, int packetBytes, long nowNanos) {
        txPackets += packets;
        txBytes += (long) packets * packetBytes;
        gate.hold(nowNanos, work, packets, packetBytes);
    }

    /** Counts a frame that came in. */
    void received(int packetBytes) {
        rxPackets++;
        rxBytes += packetBytes;
    }

    void copyFrom(Guest other) {
        for (int i = 0; i < stations.length; i++) {
            stations[i].copyFrom(other.stations[i]);
        }
        timerWorkNanos = other.timerWorkNanos;
        busyNanos = other.busyNanos;
        workNanos = other.workNanos;
        txPackets = other.txPackets;
        txBytes = other.txBytes;
        rxPackets = other.rxPackets;
        rxBytes = other.rxBytes;
        diskWrites = other.diskWrites;
    }
}
