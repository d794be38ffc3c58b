package io.lull.worker.backup;

import io.lull.worker.page.OffHeap;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The redo log of one epoch: the checked, uncompressed bodies of its records in a slot, and in memory where each is. */
final class EpochLog implements AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(EpochLog.class);
    /** How far a record may be ahead of the number that have come: memory grows with what came, whatever a frame says. */
    private static final int MAX_AHEAD = 1 << 18;

    /** Takes the records of an epoch in sequence order. */
    interface Visitor {
        void record(FrameType type, ByteBuffer body) throws IOException;
    }

    private final long epoch;
    private final RedoSlot slot;
    private final IndexStock stock;
    private final RecordIndex index;
    private boolean indexed = true;
    private int count;
    private int highest = -1;
    private int longest;
    private long bytes;
    private long pages;
    private long payloadBytes;
    private @Nullable EpochEnd end;
    private @Nullable RedoSeal promised;
    private boolean closed;

    /**
     * An empty one in an open slot, which is its own until it is closed.
     *
     * @param stock where heap for the index of its records comes from, and goes back to
     */
    EpochLog(long epoch, RedoSlot slot, IndexStock stock) {
        this.epoch = epoch;
        this.slot = slot;
        this.stock = stock;
        this.index = new RecordIndex(stock);
    }

    /**
     * What an earlier process promised in a slot; empty when it promised nothing there.
     *
     * @param scratch room for any body
     * @param stock as for the constructor
     * @throws UnreadableException when it did and not all of that is there
     * @throws IOException when it can't be read now
     */
    static Optional<EpochLog> left(RedoSlot slot, ByteBuffer scratch, IndexStock stock) throws IOException {
        Optional<RedoSeal> seal = slot.found();
        if (seal.isEmpty()) {
            return Optional.empty();
        }
        EpochLog log = new EpochLog(seal.get().epoch(), slot, stock);
        try {
            slot.scan(seal.get(), (head, place) -> {
                slot.check(head, place, scratch);
                log.count(head, place);
            });
            log.seal(seal.get().end());
            log.promised = seal.get();
            return Optional.of(log);
        } catch (ProtocolException e) {
            throw new UnreadableException("a sealed redo slot is damaged: " + e.getMessage());
        } finally {
            if (log.promised == null) {
                log.index.clear();
            }
        }
    }

    long epoch() {
        return epoch;
    }

    /** What its records took of the redo budget. */
    long bytes() {
        return bytes;
    }

    EpochEnd end() {
        if (end == null) {
            throw new IllegalStateException("epoch " + epoch + " is still open");
        }
        return end;
    }

    boolean isPromised() {
        return promised != null;
    }

    /** The promise that it will be in the image. */
    RedoSeal promised() {
        if (promised == null) {
            throw new IllegalStateException("nobody promised epoch " + epoch);
        }
        return promised;
    }

    /** See {@link RedoSlots#promise}. */
    void promise(UUID store, long number, UUID image, UUID session) {
        RedoSeal seal = new RedoSeal(store, number, image, session, epoch, end(), slot.logBytes());
        slot.seal(seal);
        promised = seal;
    }

    /** What came, counted here. */
    Received received() {
        return new Received(count, pages, payloadBytes);
    }

    /** Keeps a copy of a record's body; the header is that of the frame as it came. */
    void append(FrameHeader header, ByteBuffer body) throws IOException {
        expect(header.sequence());
        long place = slot.append(header, body);
        count(RedoHead.of(header, body.remaining()), place);
    }

    private void expect(int sequence) throws IOException {
        if (sequence - count >= MAX_AHEAD) {
            throw new ProtocolException("record " + sequence + " of epoch " + epoch + " came when only " + count
                    + " had: at most " + MAX_AHEAD + " may be missing");
        }
        if (!index.growTo(sequence)) {
            throw new IOException("no heap is left to index the records of epoch " + epoch
                    + ": give this worker more (LULL_HEAP); those of all its VMs may have " + stock.maxBytes()
                    + " bytes");
        }
        if (index.has(sequence)) {
            throw new ProtocolException("record " + sequence + " of epoch " + epoch + " came twice");
        }
    }

    private void index(RedoHead head, long place) throws IOException {
        expect(head.sequence());
        index.put(head, place);
    }

    private void count(RedoHead head, long place) throws IOException {
        index(head, place);
        highest = Math.max(highest, head.sequence());
        longest = Math.max(longest, head.bodyBytes());
        count++;
        bytes += RedoBudget.recordBytes(head.bodyBytes());
        pages += head.pages();
        payloadBytes += head.payloadBytes();
    }

    /** Checks that the epoch is complete, and what its end says of it against what was counted here. */
    void seal(EpochEnd received) throws ProtocolException {
        if (count != received.recordCount() || highest != count - 1) {
            throw new ProtocolException("epoch " + epoch + " ends after " + count + " records up to " + highest
                    + ", its end says " + received.recordCount());
        }
        int crc = EpochEnd.rollingCrc(index::crc, count);
        if (crc != received.rollingCrc()) {
            throw new ProtocolException("epoch " + epoch + " has the rolling CRC " + Integer.toHexString(crc)
                    + ", its end says " + Integer.toHexString(received.rollingCrc()));
        }
        if (pages != received.sentPages() || payloadBytes != received.wireBytes()) {
            throw new ProtocolException("epoch " + epoch + " is corrupt: " + pages + " pages in " + payloadBytes
                    + " payload bytes came, its end says " + received.sentPages() + " in " + received.wireBytes());
        }
        end = received;
    }

    /** Records that came. */
    int records() {
        return count;
    }

    /** Pages in them, each as often as it came. */
    long pages() {
        return pages;
    }

    /** Whether all of it is mapped, so that {@link #body} can be called from any thread. */
    boolean isMapped() {
        return !slot.needsScratch();
    }

    FrameType type(int sequence) {
        return index.type(sequence);
    }

    /** The body of a record of a mapped one. */
    ByteBuffer body(int sequence) {
        return slot.mappedBody(index.place(sequence), index.length(sequence));
    }

    /** Hands out all records in sequence order; a body is valid during its call. */
    void forEach(Visitor visitor) throws IOException {
        visit(visitor, type -> true);
    }

    /** As {@link #forEach}, for what is written to the disk alone. */
    void forEachOnDisk(Visitor visitor) throws IOException {
        visit(visitor, type -> type != FrameType.PAGES);
    }

    private void visit(Visitor visitor, Predicate<FrameType> wanted) throws IOException {
        ByteBuffer scratch = ByteBuffer.allocateDirect(slot.needsScratch() ? longest : 0);
        try {
            for (int i = 0; i < count; i++) {
                if (wanted.test(index.type(i))) {
                    visitor.record(index.type(i), slot.body(index.place(i), index.length(i), scratch));
                }
            }
        } finally {
            // What is left to the garbage collector counts against the limit until that runs.
            OffHeap.free(scratch);
        }
    }

    /**
     * Costs no mapping and no descriptor until it is woken, and no index where that needs no asking to come back; for one that is complete
     * and will wait.
     */
    void rest() throws IOException {
        if (isPromised() && count <= RecordIndex.OWN_RECORDS) {
            dropIndex();
        }
        slot.rest();
    }

    /** Has no index until it is woken; of one with more than {@link RecordIndex#OWN_RECORDS}, to wake it may fail then. */
    void dropIndex() {
        if (promised == null) {
            throw new IllegalStateException("nobody promised epoch " + epoch + ", so its records can't be found again");
        }
        index.clear();
        indexed = false;
    }

    /** It can be applied, whether it rested or not. */
    void wake() throws IOException {
        if (slot.isRested()) {
            slot.wake();
        }
        if (!indexed) {
            indexAgain();
        }
    }

    private void indexAgain() throws IOException {
        try {
            slot.scan(promised(), this::index);
            indexed = true;
        } finally {
            if (!indexed) {
                index.clear();
            }
        }
    }

    /** Lets go of its slot, with what that promises: it is for the next process to redo. */
    void leave() {
        forget();
        try {
            slot.close();
        } catch (IOException e) {
            logger.warn("The redo log of epoch {} can't be closed", epoch, e);
        }
    }

    /** Gives its slot back: what it promised, if anything, is forgotten. */
    @Override
    public void close() {
        if (!closed) {
            forget();
            slot.release();
        }
    }

    private void forget() {
        closed = true;
        count = 0;
        index.clear();
    }
}
