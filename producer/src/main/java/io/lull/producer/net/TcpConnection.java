package io.lull.producer.net;

/**
 * One TCP connection of the guest, as its frames tell it. Sequence numbers are compared modulo 2^32. Not thread-safe.
 *
 * <p>The peer is called the client: its window is what can stop the guest.
 */
final class TcpConnection {
    /** Nothing sent for this long with bytes in flight: the guest waits for an acknowledgement. */
    static final long STALL_NANOS = 2_000_000;

    /** Assumed for a connection that is older than the table; Linux announces 7. */
    private static final int ASSUMED_WINDOW_SCALE = 7;

    /**
     * A flow whose window was full is still being sent for so long after the last frame of it: a guest that stands still for
     * a checkpoint says nothing either.
     */
    static final long FILLING_NANOS = 20_000_000;

    /** More input than this without an answer is no request. */
    static final int UPLOAD_BYTES = 1 << 16;

    final long key;
    long closedAtNanos;
    boolean closed;
    TcpConnection before = this;
    TcpConnection after = this;

    private boolean sequenceKnown;
    private boolean outputSeen;
    private int unacknowledged;
    private int next;

    private boolean edgeKnown;
    private int edge;
    private boolean scaleKnown;
    private int windowScale = ASSUMED_WINDOW_SCALE;
    private int segmentBytes;
    private boolean zeroWindow;
    private boolean established;

    private boolean inputSeen;
    private long lastInputNanos;
    private boolean payloadSent;
    private long lastPayloadNanos;
    private long lastSentNanos;
    private boolean filledBefore;
    private long lastOpenedNanos;
    /** When the oldest byte in flight was sent, or something before it was acknowledged since. */
    private long flightSinceNanos;

    private boolean openedByGuest;
    private boolean answers;
    private boolean speaksOn;
    private long unansweredBytes;
    private boolean receivedKnown;
    private int received;
    private int accepted;
    /** Whether all was acknowledged before what came last, and nothing since. */
    private boolean allAccepted;
    /** When the guest first acknowledged something of what came since the client had nothing more to send. */
    private long acceptingSinceNanos;

    private boolean clientFinSeen;
    private boolean guestFinSeen;
    private int guestFinEnd;

    TcpConnection(long key) {
        this.key = key;
    }

    /** Whether a SYN with this key begins another connection: this one got beyond its own SYN. */
    boolean isPastItsSyn() {
        return established || closed;
    }

    /** A frame from the guest to the client. */
    void sent(TcpFrame frame, long nowNanos) {
        int bytes = frame.sequenceBytes();
        int end = frame.sequence + bytes;
        if (!sequenceKnown || frame.syn() && !established) {
            sequenceKnown = true;
            unacknowledged = frame.sequence;
            next = end;
        }
        outputSeen = true;
        if (bytesInFlight() == 0) {
            flightSinceNanos = nowNanos;
        }
        next = later(next, end);
        if (bytes > 0) {
            lastSentNanos = nowNanos;
        }
        openedByGuest |= frame.syn() && !frame.ack();
        if (frame.ack() && frame.acknowledgement - accepted > 0) {
            acceptingSinceNanos = allAccepted ? nowNanos : acceptingSinceNanos;
            allAccepted = false;
            accepted = frame.acknowledgement;
        }
        if (frame.payloadBytes > 0) {
            answers = answers || isRequestPending();
            unansweredBytes = 0;
            payloadSent = true;
            lastPayloadNanos = nowNanos;
        }
        filledBefore |= isWindowFull();
        if (frame.syn() && !frame.hasWindowScale) {
            // Windows are scaled only when both sides ask for it.
            windowScale = 0;
        }
        if (frame.fin()) {
            guestFinSeen = true;
            guestFinEnd = end;
        }
    }

    /** A frame from the client to the guest. */
    void received(TcpFrame frame, long nowNanos) {
        if (frame.syn()) {
            scaleKnown = true;
            windowScale = frame.windowScale;
            segmentBytes = frame.segmentBytes;
        }
        clientFinSeen |= frame.fin();
        if (frame.ack()) {
            acknowledged(frame, nowNanos);
            lastOpenedNanos = nowNanos;
        }
        int end = frame.sequence + frame.sequenceBytes();
        if (frame.syn() || !receivedKnown) {
            receivedKnown = true;
            received = end;
            accepted = frame.sequence;
        }
        allAccepted |= received == accepted;
        received = later(received, end);
        if (frame.payloadBytes > 0) {
            speaksOn |= answers && !isRequestPending() && bytesInFlight() > 0;
            unansweredBytes += frame.payloadBytes;
            inputSeen = true;
            lastInputNanos = nowNanos;
        }
    }

    private void acknowledged(TcpFrame frame, long nowNanos) {
        if (!sequenceKnown) {
            sequenceKnown = true;
            unacknowledged = frame.acknowledgement;
            next = frame.acknowledgement;
        }
        if (outputSeen && frame.acknowledgement - next > 0) {
            // Acknowledges what was never sent: a receiver discards such a segment, and so does the table.
            return;
        }
        established = true;
        if (frame.acknowledgement - unacknowledged > 0) {
            flightSinceNanos = nowNanos;
        }
        unacknowledged = later(unacknowledged, frame.acknowledgement);
        next = later(next, unacknowledged);
        answers &= bytesInFlight() > 0;
        int windowBytes = frame.window << (frame.syn() ? 0 : windowScale);
        int announced = frame.acknowledgement + windowBytes;
        edge = edgeKnown ? later(edge, announced) : announced;
        edgeKnown = true;
        zeroWindow = windowBytes == 0;
    }

    /** Whether both sides said FIN and the client has acknowledged the guest's. */
    boolean isOver() {
        return clientFinSeen && guestFinSeen && unacknowledged - guestFinEnd >= 0;
    }

    /** Bytes that the guest sent, held ones included, and that are not acknowledged. */
    int bytesInFlight() {
        return next - unacknowledged;
    }

    boolean isStalled(long nowNanos) {
        return bytesInFlight() > 0 && nowNanos - lastSentNanos > STALL_NANOS;
    }

    boolean hasZeroWindow() {
        return zeroWindow;
    }

    /** Whether the client's window takes no further segment; without a known scale only a window of zero says so. */
    boolean isWindowFull() {
        if (!edgeKnown) {
            return false;
        }
        return scaleKnown ? edge - next < segmentBytes : zeroWindow;
    }

    /** Whether there is input that nothing has been sent after. */
    boolean isRequestPending() {
        return inputSeen && (!payloadSent || lastInputNanos - lastPayloadNanos > 0);
    }

    /** Whether its client can do nothing before it gets what was sent since {@code sinceNanos}, and nothing sent before. */
    boolean waits(long sinceNanos) {
        if (openedByGuest) {
            return false;
        }
        if (uploads()) {
            return received == accepted && acceptingSinceNanos - sinceNanos >= 0;
        }
        boolean answered = answers && !speaksOn && !isRequestPending();
        long sentNanos = answered ? lastSentNanos : flightSinceNanos;
        return (answered || isWindowFull()) && bytesInFlight() > 0 && sentNanos - sinceNanos >= 0;
    }

    /** Whether the guest has something to do for its client, who takes turns: an answer, a window to fill, or an upload. */
    boolean asks(long nowNanos) {
        if (openedByGuest) {
            return false;
        }
        if (uploads()) {
            return received != accepted;
        }
        return isRequestPending() && !speaksOn || fills(nowNanos);
    }

    /** Whether its window was full and takes more now; not for long, as the flow may be over. */
    private boolean fills(long nowNanos) {
        boolean lately = nowNanos - lastSentNanos < FILLING_NANOS || nowNanos - lastOpenedNanos < FILLING_NANOS;
        return filledBefore && !isWindowFull() && lately;
    }

    private boolean uploads() {
        return isRequestPending() && unansweredBytes > UPLOAD_BYTES;
    }

    private static int later(int a, int b) {
        return a - b >= 0 ? a : b;
    }
}
