package io.lull.policy.sim;

import io.lull.policy.sim.Activity.Background;
import io.lull.policy.sim.Activity.Bulk;
import io.lull.policy.sim.Activity.Requests;

/**
 * The inside of the simulated VM: requests, flows and computation share its vCPUs fairly.
 *
 * <p>With n runnable and V vCPUs each goes on at speed min(1, V/n). Time passes only in {@link #advance}; what is sent
 * goes to the gate.
 */
final class Guest {
    /** Largest piece that a bulk sender hands to its network at once. */
    private static final int UNIT_BYTES = 65_536;

    private static final double ROUNDING_NANOS = 0.5;

    final Station[] stations;
    private final Workload workload;
    private final Events events;
    private final Gate gate;
    private final Draws draws;
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
            stations[i] = new Station(workload.activities().get(i), i, new Draws(draws.nextLong()));
        }
    }

    /** The first events of every activity. */
    void start() {
        for (Station station : stations) {
            Activity.Schedule schedule = station.activity.schedule();
            if (station.activity instanceof Requests requests) {
                int first = requests.reacts() ? requests.clients() : 1;
                for (int client = 0; client < first; client++) {
                    long at = (long) (draws.uniform() * (requests.roundTripNanos() + 1_000));
                    events.add(schedule.nextOn(at), Codes.of(Codes.ARRIVE, station.index, client, 0));
                }
            } else if (station.activity instanceof Bulk) {
                for (int flow = 0; flow < station.clients; flow++) {
                    events.add(schedule.nextOn(0), Codes.of(Codes.ACKED, station.index, flow, 0));
                }
            }
            announceChange(station, 0);
        }
        if (workload.timerNanos() > 0) {
            events.add(workload.timerNanos(), Codes.of(Codes.TIMER, 0, 0, 0));
        }
    }

    private void announceChange(Station station, long nowNanos) {
        long next = station.activity.schedule().nextChange(nowNanos);
        if (next < Long.MAX_VALUE / 8) {
            events.add(next, Codes.of(Codes.CHANGE, station.index, 0, 0));
        }
    }

    private int runnable(long nowNanos) {
        int runnable = timerWorkNanos > 0 ? 1 : 0;
        for (Station station : stations) {
            runnable += station.actives + station.threadsAt(nowNanos);
        }
        return runnable;
    }

    /** Whether there is nothing to compute. */
    boolean rests(long nowNanos) {
        return runnable(nowNanos) == 0;
    }

    /** How long from {@code nowNanos} until the first piece of work is done, if the guest runs. */
    double untilNextDone(long nowNanos) {
        double least = timerWorkNanos > 0 ? timerWorkNanos : Double.MAX_VALUE;
        for (Station station : stations) {
            for (int i = 0; i < station.actives; i++) {
                least = Math.min(least, station.remainingNanos[i]);
            }
        }
        return least == Double.MAX_VALUE ? least : least / speed(runnable(nowNanos));
    }

    private double speed(int runnable) {
        return Math.min(1, (double) workload.vcpus() / Math.max(1, runnable));
    }

    /** Lets the guest run for {@code nanos}, in which nothing arrives and at most one piece of work becomes done. */
    void advance(long nowNanos, double nanos) {
        int runnable = runnable(nowNanos);
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
            station.backgroundNanos += done * station.threadsAt(nowNanos);
        }
    }

    /** Lets {@code nanos} pass in which write faults hold the guest up: who has work looks busy, and none gets done. */
    void stall(long nowNanos, double nanos) {
        busyNanos += Math.min(workload.vcpus(), runnable(nowNanos)) * nanos;
    }

    /** Takes out what is done at {@code nowNanos}: answers go to the gate or wait for the disk. */
    void finishDone(long nowNanos) {
        for (Station station : stations) {
            for (int i = station.actives - 1; i >= 0; i--) {
                if (station.remainingNanos[i] <= ROUNDING_NANOS) {
                    finished(station, station.finish(i), nowNanos);
                }
            }
            station.begin(draws);
        }
        if (timerWorkNanos <= ROUNDING_NANOS) {
            timerWorkNanos = 0;
        }
    }

    private void finished(Station station, long work, long nowNanos) {
        if (station.activity instanceof Requests requests && requests.diskNanos() > 0) {
            station.onDisk++;
            diskWrites++;
            long takes = (long) (requests.diskNanos() * draws.jitter(0.3));
            events.add(nowNanos + takes, Codes.of(Codes.DISK, station.index, Codes.client(work), 0));
            return;
        }
        send(station, work, nowNanos);
    }

    private void send(Station station, long work, long nowNanos) {
        int packets = 1;
        int size = packetBytes(station, work);
        if (station.activity instanceof Requests requests) {
            packets = requests.answerPackets();
            if (requests.asked()) {
                station.pending--;
            }
        }
        station.sent += station.activity instanceof Bulk ? Codes.bytes(work) : 1;
        txPackets += packets;
        txBytes += (long) packets * size;
        gate.hold(nowNanos, work, packets, size);
    }

    /** Size of each frame of what {@code work} sends. */
    int packetBytes(Station station, long work) {
        if (station.activity instanceof Requests requests) {
            return requests.packetBytes();
        }
        return ((Bulk) station.activity).outbound() ? Codes.bytes(work) : 66;
    }

    /** An event of the guest's own or of its clients. */
    void handle(long code, long nowNanos) {
        switch (Codes.kind(code)) {
            case Codes.ARRIVE -> arrived(stations[Codes.station(code)], Codes.client(code), nowNanos);
            case Codes.DISK -> {
                Station station = stations[Codes.station(code)];
                station.onDisk--;
                send(station, code, nowNanos);
            }
            case Codes.ACKED ->
                acknowledged(stations[Codes.station(code)], Codes.client(code), Codes.bytes(code), nowNanos);
            case Codes.CHANGE -> announceChange(stations[Codes.station(code)], nowNanos);
            case Codes.TIMER -> {
                timerWorkNanos += workload.timerWorkNanos();
                events.add(nowNanos + workload.timerNanos(), code);
            }
            default -> throw new IllegalStateException("unknown event " + Codes.kind(code));
        }
    }

    private void arrived(Station station, int client, long nowNanos) {
        Requests requests = (Requests) station.activity;
        long on = requests.schedule().nextOn(nowNanos);
        if (on > nowNanos) {
            events.add(on, Codes.of(Codes.ARRIVE, station.index, client, 0));
            return;
        }
        if (requests.asked()) {
            station.pending++;
            rxPackets++;
            rxBytes += requests.packetBytes();
        }
        station.enqueue(Codes.of(0, station.index, client, 0));
        station.begin(draws);
        if (!requests.reacts()) {
            long next = nowNanos + Math.max(1, (long) station.arrivals.exponential(1e9 / requests.ratePerSecond()));
            int nextClient = (client + 1) % requests.clients();
            events.add(next, Codes.of(Codes.ARRIVE, station.index, nextClient, 0));
        }
    }

    private void acknowledged(Station station, int flow, int bytes, long nowNanos) {
        Bulk bulk = (Bulk) station.activity;
        long on = bulk.schedule().nextOn(nowNanos);
        if (on > nowNanos) {
            events.add(on, Codes.of(Codes.ACKED, station.index, flow, bytes));
            return;
        }
        rxPackets++;
        rxBytes += bulk.outbound() ? 66 : bytes;
        station.flightBytes[flow] -= bytes;
        station.windowBytes[flow] = Math.min(bulk.windowBytes(), station.windowBytes[flow] + bytes);
        while (station.flightBytes[flow] < station.windowBytes[flow]) {
            int unit = Math.min(UNIT_BYTES, station.windowBytes[flow] - station.flightBytes[flow]);
            station.flightBytes[flow] += unit;
            station.enqueue(Codes.of(0, station.index, flow, unit));
        }
        station.begin(draws);
    }

    /** A frame left the gate: its receiver gets it, and may react. */
    void delivered(long work, long nowNanos) {
        Station station = stations[Codes.station(work)];
        if (station.activity instanceof Requests requests) {
            station.answers++;
            if (requests.reacts()) {
                long think = requests.thinkNanos() == 0 ? 0 : (long) draws.exponential(requests.thinkNanos());
                long at = requests.schedule().nextOn(nowNanos + requests.roundTripNanos() + think);
                events.add(at, Codes.of(Codes.ARRIVE, station.index, Codes.client(work), 0));
            }
        } else if (station.activity instanceof Bulk bulk) {
            station.bytes += Codes.bytes(work);
            long at = nowNanos + bulk.roundTripNanos();
            events.add(at, Codes.of(Codes.ACKED, station.index, Codes.client(work), Codes.bytes(work)));
        }
    }

    /** Runnable threads that no request is behind, for how busy each vCPU is. */
    int backgroundThreads(long nowNanos) {
        int threads = 0;
        for (Station station : stations) {
            threads += station.activity instanceof Background ? station.threadsAt(nowNanos) : 0;
        }
        return threads;
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
