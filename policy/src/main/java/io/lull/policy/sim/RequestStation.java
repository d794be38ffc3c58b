package io.lull.policy.sim;

import io.lull.policy.sim.Activity.Habit;
import io.lull.policy.sim.Activity.Requests;

/** Requests of clients, or messages to them, as {@link Requests} says. */
final class RequestStation extends Station {
    private static final double DISK_SPREAD = 0.3;

    private final Requests requests;
    private final boolean waits;
    private final boolean asked;
    private final long roundTripNanos;
    /** Of its own, so that requests come at the same times whatever the schedule of checkpoints does. */
    private final Draws arrivals;

    private final Turns turns;

    RequestStation(Requests requests, Guest guest, int index, Draws arrivals) {
        super(guest, index, requests.schedule(), requests.clients().count(), requests.workers());
        this.requests = requests;
        this.waits = requests.clients().habit() == Habit.WAITS;
        this.asked = requests.clients().habit() != Habit.LISTENS;
        this.roundTripNanos = requests.clients().roundTripNanos();
        this.arrivals = arrivals;
        this.turns = new Turns(clients);
    }

    @Override
    void start() {
        for (int client = 0; client < (waits ? clients : 1); client++) {
            long at = (long) (guest.draws.uniform() * (roundTripNanos + 1_000));
            guest.announce(schedule.nextOn(at), Codes.of(Codes.ARRIVE, index, client, 0));
        }
    }

    @Override
    void handle(long code, long nowNanos) {
        if (Codes.kind(code) == Codes.DISK) {
            onDisk--;
            answer(code, nowNanos);
            return;
        }
        int client = Codes.client(code);
        long on = schedule.nextOn(nowNanos);
        if (on > nowNanos) {
            guest.announce(on, Codes.of(Codes.ARRIVE, index, client, 0));
            return;
        }
        if (asked) {
            pending++;
            turns.asked(client, guest.cuts());
            guest.received(requests.answer().packetBytes());
        }
        enqueue(Codes.of(0, index, client, 0));
        begin();
        if (!waits) {
            double betweenNanos = 1e9 / requests.clients().ratePerSecond();
            long next = nowNanos + Math.max(1, (long) arrivals.exponential(betweenNanos));
            guest.announce(next, Codes.of(Codes.ARRIVE, index, (client + 1) % clients, 0));
        }
    }

    @Override
    double serviceNanos(long work) {
        double mean = requests.service().meanNanos();
        double spread = requests.service().spreadRatio();
        return spread == 0 ? mean : (1 - spread) * mean + guest.draws.exponential(spread * mean);
    }

    @Override
    int packetBytes(long work) {
        return requests.answer().packetBytes();
    }

    @Override
    void finished(long work, long nowNanos) {
        long diskNanos = requests.service().diskNanos();
        if (diskNanos > 0) {
            onDisk++;
            guest.diskWrites++;
            long takes = (long) (diskNanos * guest.draws.jitter(DISK_SPREAD));
            guest.announce(nowNanos + takes, Codes.of(Codes.DISK, index, Codes.client(work), 0));
        } else {
            answer(work, nowNanos);
        }
    }

    private void answer(long work, long nowNanos) {
        if (asked) {
            pending--;
            turns.answered(Codes.client(work), guest.cuts());
        }
        sent++;
        send(work, requests.answer().packets(), nowNanos);
    }

    @Override
    void delivered(long work, long nowNanos) {
        answers++;
        if (asked) {
            turns.delivered(Codes.client(work));
        }
        if (waits) {
            long thinkNanos = requests.clients().thinkNanos();
            long think = thinkNanos == 0 ? 0 : (long) guest.draws.exponential(thinkNanos);
            long at = schedule.nextOn(nowNanos + roundTripNanos + think);
            guest.announce(at, Codes.of(Codes.ARRIVE, index, Codes.client(work), 0));
        }
    }

    @Override
    int openWaiting() {
        return turns.waiting(guest.cuts());
    }

    @Override
    int heldWaiting() {
        return turns.held();
    }

    @Override
    int asking() {
        return turns.asking();
    }

    @Override
    void copyFrom(Station other) {
        super.copyFrom(other);
        RequestStation from = (RequestStation) other;
        arrivals.copyFrom(from.arrivals);
        turns.copyFrom(from.turns);
    }
}
