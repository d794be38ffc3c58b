package io.lull.policy.sim;

/** The output gate of the simulated VM: frames in the order in which the guest sent them, each held until its release. */
final class Gate {
    private long[] sentAt = new long[64];
    private long[] code = new long[64];
    private int[] packets = new int[64];
    private long first;
    private long end;
    private long packetsSent;
    private long packetsAtCut;
    /** Epochs that ended so far. */
    long cuts;

    long heldPackets;
    long heldBytes;

    /** Holds {@code count} frames of {@code size} bytes each, which go to the client of {@code work}. */
    void hold(long atNanos, long work, int count, int size) {
        if (end - first == sentAt.length) {
            grow();
        }
        int i = (int) (end % sentAt.length);
        sentAt[i] = atNanos;
        code[i] = work;
        packets[i] = count;
        heldPackets += count;
        packetsSent += count;
        heldBytes += (long) count * size;
        end++;
    }

    /** Where the next frame will be: a cut here keeps it out of what was sent so far. */
    long end() {
        return end;
    }

    boolean isEmptyBefore(long cut) {
        return first >= cut;
    }

    long oldestSentAt() {
        return sentAt[(int) (first % sentAt.length)];
    }

    long oldestCode() {
        return code[(int) (first % code.length)];
    }

    int oldestPackets() {
        return packets[(int) (first % packets.length)];
    }

    /** Lets the oldest go; {@code size} as it was held with. */
    void release(int size) {
        int i = (int) (first % sentAt.length);
        heldPackets -= packets[i];
        heldBytes -= (long) packets[i] * size;
        first++;
    }

    /** Age of the oldest held frame; 0 when none is held. */
    long oldestHeldNanos(long nowNanos) {
        return first == end ? 0 : nowNanos - oldestSentAt();
    }

    /** Frames that were sent since the last cut. */
    long packetsSinceCut() {
        return packetsSent - packetsAtCut;
    }

    /** Remembers that an epoch ends here. */
    void cut() {
        packetsAtCut = packetsSent;
        cuts++;
    }

    /** Age of the first entry after {@code cut}; 0 when there is none. */
    long ageOfFirstSince(long cut, long nowNanos) {
        long from = Math.max(cut, first);
        return from >= end ? 0 : nowNanos - sentAt[(int) (from % sentAt.length)];
    }

    private void grow() {
        int capacity = sentAt.length;
        long[] moreSentAt = new long[2 * capacity];
        long[] moreCode = new long[2 * capacity];
        int[] morePackets = new int[2 * capacity];
        for (long i = first; i < end; i++) {
            int from = (int) (i % capacity);
            int to = (int) (i % (2 * capacity));
            moreSentAt[to] = sentAt[from];
            moreCode[to] = code[from];
            morePackets[to] = packets[from];
        }
        sentAt = moreSentAt;
        code = moreCode;
        packets = morePackets;
    }

    void copyFrom(Gate other) {
        if (sentAt.length != other.sentAt.length) {
            sentAt = new long[other.sentAt.length];
            code = new long[other.sentAt.length];
            packets = new int[other.sentAt.length];
        }
        for (long i = other.first; i < other.end; i++) {
            int at = (int) (i % sentAt.length);
            sentAt[at] = other.sentAt[at];
            code[at] = other.code[at];
            packets[at] = other.packets[at];
        }
        first = other.first;
        end = other.end;
        packetsSent = other.packetsSent;
        packetsAtCut = other.packetsAtCut;
        cuts = other.cuts;
        heldPackets = other.heldPackets;
        heldBytes = other.heldBytes;
    }
}
