package io.lull.policy.sim;

import io.lull.policy.sim.Activity.Replay;

/** Requests as they were recorded; a piece of work carries the index of its moment where others carry bytes. */
final class ReplayStation extends Station {
    private final Replay replay;
    private final Course course;
    private final Turns turns;

    ReplayStation(Replay replay, Guest guest, int index) {
        super(guest, index, Activity.Schedule.ALWAYS, replay.course().mostClients(), replay.workers());
        this.replay = replay;
        this.course = replay.course();
        this.turns = new Turns(clients);
    }

    @Override
    void start() {
        if (!replay.waiting()) {
            guest.announce(course.arrivalNanos(0), Codes.of(Codes.ARRIVE, index, 0, 0));
            return;
        }
        for (int client = 0; client < clients; client++) {
            long at = (long) (guest.draws.uniform() * (replay.roundTripNanos() + 1_000));
            guest.announce(course.nextTaking(client, at), Codes.of(Codes.ARRIVE, index, client, 0));
        }
    }

    @Override
    void handle(long code, long nowNanos) {
        if (replay.waiting()) {
            int client = Codes.client(code);
            long taking = course.nextTaking(client, nowNanos);
            if (taking > nowNanos) {
                guest.announce(taking, code);
            } else {
                accept(client, course.indexAt(nowNanos));
            }
            return;
        }
        int number = Codes.bytes(code);
        accept(number % clients, course.indexOfRequest(number));
        int next = (number + 1) % course.requests();
        long round = nowNanos - nowNanos % course.totalNanos() + (next == 0 ? course.totalNanos() : 0);
        guest.announce(round + course.arrivalNanos(next), Codes.of(Codes.ARRIVE, index, 0, next));
    }

    private void accept(int client, int moment) {
        pending++;
        turns.asked(client, guest.cuts());
        guest.received(course.requestBytes());
        enqueue(Codes.of(0, index, client, moment));
        begin();
    }

    @Override
    double serviceNanos(long work) {
        return course.moment(Codes.bytes(work)).serviceNanos();
    }

    @Override
    int packetBytes(long work) {
        return course.moment(Codes.bytes(work)).packetBytes();
    }

    @Override
    void finished(long work, long nowNanos) {
        pending--;
        turns.answered(Codes.client(work), guest.cuts());
        sent++;
        send(work, course.moment(Codes.bytes(work)).answerPackets(), nowNanos);
    }

    @Override
    void delivered(long work, long nowNanos) {
        answers++;
        turns.delivered(Codes.client(work));
        if (replay.waiting()) {
            long think = replay.thinkNanos() == 0 ? 0 : (long) guest.draws.exponential(replay.thinkNanos());
            long at = course.nextTaking(Codes.client(work), nowNanos + replay.roundTripNanos() + think);
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
        turns.copyFrom(((ReplayStation) other).turns);
    }
}
