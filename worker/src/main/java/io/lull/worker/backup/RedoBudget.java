package io.lull.worker.backup;

import io.lull.worker.protocol.ProtocolException;

/**
 * The bytes that all redo logs of a backup may hold together.
 *
 * <p>While sealed epochs wait to be applied, a reader that would pass the limit waits for them; once open epochs alone
 * pass it, the peer is sending more than a VM has, and is dropped.
 */
final class RedoBudget {
    private long limitBytes;
    private long usedBytes;

    RedoBudget(long limitBytes) {
        this.limitBytes = limitBytes;
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
                throw new ProtocolException("open epochs hold " + openBytes + " bytes, limit " + limitBytes
                        + ": no VM of this size sends more");
            }
            wait();
        }
        usedBytes += bytes;
    }

    synchronized void give(long bytes) {
        usedBytes -= bytes;
        notifyAll();
    }

    synchronized long usedBytes() {
        return usedBytes;
    }
}
