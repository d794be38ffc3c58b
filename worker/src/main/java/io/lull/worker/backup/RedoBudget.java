package io.lull.worker.backup;

import io.lull.worker.protocol.ProtocolException;

/**
 * The bytes that all redo logs of a backup may hold together: in files, whatever of them is mapped, and for each record its head and
 * its place in an index, as a record may be tiny.
 *
 * <p>While sealed epochs wait to be applied, a reader that would pass the limit waits for them; once open epochs alone
 * pass it, the peer is sending more than it should, and is dropped. The first epoch of a session is open while the whole disk is copied,
 * and holds all that the guest writes to its disk meanwhile, each block as often as it is written.
 */
final class RedoBudget {
    private static final int IMAGES = 2;
    /** Its copy, and what the guest writes to it until that is done. */
    private static final int DISKS = 4;
    /** For small VMs. */
    private static final long FLOOR_BYTES = 64L << 20;

    private long limitBytes;
    private long usedBytes;
    private long gifts;
    private long takes;

    RedoBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** What the redo logs of a VM may hold. */
    static long limitBytes(long imageBytes, long diskBytes) {
        return IMAGES * imageBytes + DISKS * diskBytes + FLOOR_BYTES;
    }

    /** What a record takes: its body isn't all that is kept of it, and may be tiny. */
    static long recordBytes(int bodyBytes) {
        return (long) bodyBytes + RedoHead.BYTES + RecordIndex.RECORD_BYTES;
    }

    synchronized void limit(long bytes) {
        limitBytes = bytes;
    }

    /**
     * Takes bytes, waiting for sealed epochs when they are what is in the way.
     *
     * @param openBytes what the caller's own open epochs hold already
     */
    synchronized void take(long bytes, long openBytes) throws ProtocolException, InterruptedException {
        while (usedBytes + bytes > limitBytes) {
            if (openBytes + bytes > limitBytes) {
                throw new ProtocolException("open epochs hold " + openBytes + " bytes, limit " + limitBytes + " ("
                        + IMAGES + " images and " + DISKS + " disks)");
            }
            wait();
        }
        usedBytes += bytes;
        takes++;
    }

    /** Grows with each record that is kept and each epoch that is let go of. */
    synchronized long steps() {
        return takes + gifts;
    }

    /** How often bytes were given back. */
    synchronized long gifts() {
        return gifts;
    }

    /**
     * Waits until bytes are given back, and with them the room of a slot, while sealed epochs have any.
     *
     * @param since the gifts that there had been before there was no room
     * @return whether any were
     */
    synchronized boolean awaitGift(long since, long openBytes) throws InterruptedException {
        while (gifts == since && usedBytes > openBytes) {
            wait();
        }
        return gifts != since;
    }

    synchronized void give(long bytes) {
        usedBytes -= bytes;
        gifts++;
        notifyAll();
    }

    synchronized long usedBytes() {
        return usedBytes;
    }
}
