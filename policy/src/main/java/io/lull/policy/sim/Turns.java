package io.lull.policy.sim;

/**
 * Which clients of a service take turns with it, and of these, which ask and which wait for answers that are held, of the
 * open epoch or an earlier one: what a probe reads from the frames. A client that has ever asked anew before it had its answer takes no turns.
 */
final class Turns {
    /** By client: whether it has asked since it was answered last. */
    private final boolean[] asks;
    /** By client: answers that it has not got. */
    private final int[] owed;
    /** By client: the cut before its last answer. */
    private final long[] answeredAt;
    /** By client. */
    private final boolean[] speaksOn;

    private long cut;
    private int waitingClients;
    private int askingClients;
    private int heldClients;

    Turns(int clients) {
        asks = new boolean[clients];
        owed = new int[clients];
        answeredAt = new long[clients];
        speaksOn = new boolean[clients];
    }

    /** A request came. */
    void asked(int client, long cuts) {
        turnTo(cuts);
        if (asks[client]) {
            return;
        }
        asks[client] = true;
        if (!speaksOn[client] && owed[client] > 0) {
            speaksOn[client] = true;
            waitingClients -= answeredAt[client] == cut ? 1 : 0;
            heldClients--;
        }
        askingClients += speaksOn[client] ? 0 : 1;
    }

    /** An answer is sent, and held. */
    void answered(int client, long cuts) {
        turnTo(cuts);
        boolean heldAlready = !asks[client] && owed[client] > 0;
        boolean waitsAlready = heldAlready && answeredAt[client] == cut;
        owed[client]++;
        answeredAt[client] = cut;
        if (!speaksOn[client]) {
            askingClients -= asks[client] ? 1 : 0;
            waitingClients += waitsAlready ? 0 : 1;
            heldClients += heldAlready ? 0 : 1;
        }
        asks[client] = false;
    }

    /** The answer reached it. */
    void delivered(int client) {
        owed[client]--;
        if (owed[client] == 0 && !asks[client] && !speaksOn[client]) {
            heldClients--;
            waitingClients -= answeredAt[client] == cut ? 1 : 0;
        }
    }

    /** Clients that wait for what was sent since the last cut. */
    int waiting(long cuts) {
        turnTo(cuts);
        return waitingClients;
    }

    /** Clients that wait for what was sent, whenever that was. */
    int held() {
        return heldClients;
    }

    /** Clients of which a request is not answered. */
    int asking() {
        return askingClients;
    }

    private void turnTo(long cuts) {
        if (cut != cuts) {
            cut = cuts;
            waitingClients = 0;
        }
    }

    void copyFrom(Turns other) {
        System.arraycopy(other.asks, 0, asks, 0, asks.length);
        System.arraycopy(other.owed, 0, owed, 0, owed.length);
        System.arraycopy(other.answeredAt, 0, answeredAt, 0, answeredAt.length);
        System.arraycopy(other.speaksOn, 0, speaksOn, 0, speaksOn.length);
        cut = other.cut;
        waitingClients = other.waitingClients;
        askingClients = other.askingClients;
        heldClients = other.heldClients;
    }
}
