package io.lull.policy.sim;

/** Packs what an event, a piece of work or a held frame is about into one long: kind, station, client, bytes. */
final class Codes {
    /** A request of a client, or the next one of an open loop, arrives. */
    static final int ARRIVE = 1;
    /** A disk has answered. */
    static final int DISK = 2;
    /** A peer has taken bytes of a flow, and says so. */
    static final int ACKED = 3;
    /** An activity begins or ends. */
    static final int CHANGE = 4;
    /** The guest's own timer. */
    static final int TIMER = 5;
    /** The guest is stopped. */
    static final int PAUSE = 6;
    /** The guest runs on. */
    static final int RESUME = 7;
    /** The backup has acknowledged the oldest epoch in flight. */
    static final int COMMIT = 8;

    private Codes() {}

    static long of(int kind, int station, int client, int bytes) {
        return ((long) kind << 56) | ((long) station << 48) | ((long) client << 32) | (bytes & 0xFFFFFFFFL);
    }

    static int kind(long code) {
        return (int) (code >>> 56);
    }

    static int station(long code) {
        return (int) (code >>> 48) & 0xFF;
    }

    static int client(long code) {
        return (int) (code >>> 32) & 0xFFFF;
    }

    static int bytes(long code) {
        return (int) code;
    }
}
