package io.lull.worker.backup;

import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** The open epochs of a session; for its reader thread. */
final class RedoLog {
    /** Epochs that may be open at once: the one that runs, and those whose shipping isn't done. */
    static final int MAX_OPEN_EPOCHS = 4;

    private final RedoSlots slots;
    private final RedoBudget budget;
    private final TreeMap<Long, EpochLog> open = new TreeMap<>();
    private long lowestEpoch;
    private long openBytes;

    /**
     * An empty log.
     *
     * @param slots where epochs are kept
     * @param firstEpoch no record of an earlier epoch is accepted
     */
    RedoLog(RedoSlots slots, RedoBudget budget, long firstEpoch) {
        this.slots = slots;
        this.budget = budget;
        this.lowestEpoch = firstEpoch;
    }

    /** Keeps a copy of a checked record. */
    void append(FrameHeader header, ByteBuffer body) throws IOException, InterruptedException {
        EpochLog log = log(header.epoch());
        long bytes = RedoBudget.recordBytes(body.remaining());
        budget.take(bytes, openBytes);
        openBytes += bytes;
        whenThereIsRoom(() -> {
            log.append(header, body);
            return log;
        });
    }

    /** What needs room in the folder, and heap for an index. */
    private interface Kept {
        EpochLog keep() throws IOException;
    }

    /** While sealed epochs wait to be applied, a folder or a heap without room is waited for like the budget: each leaves its own. */
    private EpochLog whenThereIsRoom(Kept kept) throws IOException, InterruptedException {
        while (true) {
            long before = budget.gifts();
            try {
                return kept.keep();
            } catch (ProtocolException e) {
                throw e;
            } catch (IOException e) {
                if (!budget.awaitGift(before, openBytes)) {
                    throw e;
                }
            }
        }
    }

    /** Closes an epoch and hands it over; its bytes stay in the budget until it is applied. */
    EpochLog end(long epoch, EpochEnd end) throws IOException, InterruptedException {
        EpochLog log = log(epoch);
        if (open.firstKey() < epoch) {
            throw new ProtocolException("epoch " + epoch + " ends before epoch " + open.firstKey());
        }
        log.seal(end);
        open.remove(epoch);
        lowestEpoch = epoch + 1;
        openBytes -= log.bytes();
        return log;
    }

    private EpochLog log(long epoch) throws IOException, InterruptedException {
        EpochLog log = open.get(epoch);
        if (log != null) {
            return log;
        }
        if (epoch < lowestEpoch) {
            throw new ProtocolException("a frame of epoch " + epoch + ", which is over; the lowest is " + lowestEpoch);
        }
        if (open.size() == MAX_OPEN_EPOCHS) {
            throw new ProtocolException(
                    "epoch " + epoch + " begins while " + open.keySet() + " are open, limit " + MAX_OPEN_EPOCHS);
        }
        EpochLog created = whenThereIsRoom(() -> slots.begin(epoch));
        open.put(epoch, created);
        return created;
    }

    /** Drops all open epochs: the guest's output of them was never released. */
    void discard() {
        budget.give(openBytes);
        openBytes = 0;
        for (Map.Entry<Long, EpochLog> entry : open.entrySet()) {
            entry.getValue().close();
        }
        open.clear();
    }
}
