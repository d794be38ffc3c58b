package io.lull.policy.sim;

import io.lull.policy.sim.Activity.Bulk;
import java.util.Arrays;

/** Flows of bulk data with their windows, as {@link Bulk} says. */
final class FlowStation extends Station {
    /** Largest piece that a bulk sender hands to its network at once. */
    private static final int UNIT_BYTES = 65_536;

    private static final int ACKNOWLEDGEMENT_BYTES = 66;

    private final Bulk bulk;
    /** By flow. */
    private final int[] windowBytes;
    /** By flow: sent, or queued to be sent, and not acknowledged. */
    private final int[] flightBytes;
    /** By flow: of these, what is queued. */
    private final int[] queuedBytes;
    /** By flow: what was sent and is held. */
    private final int[] heldBytes;
    /** By flow: the cut before what was sent last. */
    private final long[] sentAt;
    /** By flow: what was sent since that cut. */
    private final int[] openBytes;

    FlowStation(Bulk bulk, Guest guest, int index) {
        super(guest, index, bulk.schedule(), bulk.flows(), 1);
        this.bulk = bulk;
        windowBytes = new int[clients];
        flightBytes = new int[clients];
        queuedBytes = new int[clients];
        heldBytes = new int[clients];
        sentAt = new long[clients];
        openBytes = new int[clients];
        Arrays.fill(windowBytes, bulk.firstWindowBytes());
    }

    @Override
    void start() {
        for (int flow = 0; flow < clients; flow++) {
            guest.announce(schedule.nextOn(0), Codes.of(Codes.ACKED, index, flow, 0));
        }
    }

    @Override
    void handle(long code, long nowNanos) {
        int flow = Codes.client(code);
        int acknowledged = Codes.bytes(code);
        long on = schedule.nextOn(nowNanos);
        if (on > nowNanos) {
            guest.announce(on, code);
            return;
        }
        guest.received(bulk.outbound() ? ACKNOWLEDGEMENT_BYTES : acknowledged);
        flightBytes[flow] -= acknowledged;
        windowBytes[flow] = Math.min(bulk.windowBytes(), windowBytes[flow] + acknowledged);
        while (flightBytes[flow] < windowBytes[flow]) {
            int unit = Math.min(UNIT_BYTES, windowBytes[flow] - flightBytes[flow]);
            flightBytes[flow] += unit;
            queuedBytes[flow] += unit;
            enqueue(Codes.of(0, index, flow, unit));
        }
        begin();
    }

    @Override
    double serviceNanos(long work) {
        return Math.max(1, bulk.nanosPerKibibyte() * Codes.bytes(work) / 1024.0);
    }

    @Override
    int packetBytes(long work) {
        return bulk.outbound() ? Codes.bytes(work) : ACKNOWLEDGEMENT_BYTES;
    }

    @Override
    void finished(long work, long nowNanos) {
        sent += Codes.bytes(work);
        int flow = Codes.client(work);
        openBytes[flow] = Codes.bytes(work) + (sentAt[flow] == guest.cuts() ? openBytes[flow] : 0);
        sentAt[flow] = guest.cuts();
        queuedBytes[flow] -= Codes.bytes(work);
        heldBytes[flow] += Codes.bytes(work);
        send(work, 1, nowNanos);
    }

    @Override
    void delivered(long work, long nowNanos) {
        bytes += Codes.bytes(work);
        heldBytes[Codes.client(work)] -= Codes.bytes(work);
        long at = nowNanos + bulk.roundTripNanos();
        guest.announce(at, Codes.of(Codes.ACKED, index, Codes.client(work), Codes.bytes(work)));
    }

    @Override
    int waiting() {
        return bulk.outbound() ? 0 : clients;
    }

    /** As the probe sees them: by what the guest has sent; a client that sends has no window in its way. */
    @Override
    int fullWindows() {
        int full = 0;
        for (int flow = 0; bulk.outbound() && flow < clients; flow++) {
            full += isFull(flow) ? 1 : 0;
        }
        return full;
    }

    /** Also of uploads: the probe sees that all that came is acknowledged, and that by held frames. */
    @Override
    int openWaiting() {
        int waiting = 0;
        for (int flow = 0; flow < clients; flow++) {
            waiting += isHeld(flow) && sentAt[flow] == guest.cuts() && isOpen(flow) ? 1 : 0;
        }
        return waiting;
    }

    @Override
    int heldWaiting() {
        int held = 0;
        for (int flow = 0; flow < clients; flow++) {
            held += isHeld(flow) ? 1 : 0;
        }
        return held;
    }

    /** Flows that the guest is still working on: it has a window to fill, or what came to acknowledge. */
    @Override
    int asking() {
        int asking = 0;
        for (int flow = 0; flow < clients; flow++) {
            asking += queuedBytes[flow] > 0 && !isFull(flow) ? 1 : 0;
        }
        return asking;
    }

    /** Whether all that is in flight was sent since the cut: no commit under way lets it go on. */
    private boolean isOpen(int flow) {
        return openBytes[flow] >= flightBytes[flow] - queuedBytes[flow];
    }

    private boolean isHeld(int flow) {
        return heldBytes[flow] > 0 && isFull(flow);
    }

    private boolean isFull(int flow) {
        return flightBytes[flow] - queuedBytes[flow] >= windowBytes[flow];
    }

    @Override
    long unacknowledgedBytes() {
        long sum = 0;
        for (int flow = 0; flow < clients; flow++) {
            sum += bulk.outbound() ? flightBytes[flow] : 0;
        }
        return sum;
    }

    @Override
    void copyFrom(Station other) {
        super.copyFrom(other);
        FlowStation from = (FlowStation) other;
        System.arraycopy(from.windowBytes, 0, windowBytes, 0, clients);
        System.arraycopy(from.flightBytes, 0, flightBytes, 0, clients);
        System.arraycopy(from.queuedBytes, 0, queuedBytes, 0, clients);
        System.arraycopy(from.heldBytes, 0, heldBytes, 0, clients);
        System.arraycopy(from.openBytes, 0, openBytes, 0, clients);
        System.arraycopy(from.sentAt, 0, sentAt, 0, clients);
    }
}
