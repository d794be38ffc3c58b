package io.lull.worker.backup;

import io.lull.worker.protocol.FrameType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where each record of an epoch is in its slot, and what must be known of it there. It is in memory, and grows by pieces of
 * {@value #PIECE_RECORDS} records: to double arrays would take three times what they hold. One thread at a time may change it.
 */
final class RecordIndex {
    /** Heap for each record: its type, length, CRC and place. */
    static final int RECORD_BYTES = 1 + 4 + 4 + 8;

    static final int PIECE_RECORDS = 256;
    /** Heap for a piece, with what the JVM needs for its arrays. */
    static final int PIECE_BYTES = PIECE_RECORDS * RECORD_BYTES + 128;
    /** An epoch's first records, for which the stock isn't asked: a big epoch of one VM must not be in the way of others' usual ones. */
    static final int OWN_RECORDS = 32 * PIECE_RECORDS;

    private static final int OWN_PIECES = OWN_RECORDS / PIECE_RECORDS;
    private static final FrameType[] TYPES = FrameType.values();
    private static final byte NONE = -1;

    private final IndexStock stock;
    private final List<Piece> pieces = new ArrayList<>();

    /** What is known of some records that follow one another. */
    private static final class Piece {
        private final byte[] types = new byte[PIECE_RECORDS];
        private final int[] lengths = new int[PIECE_RECORDS];
        private final int[] crcs = new int[PIECE_RECORDS];
        private final long[] places = new long[PIECE_RECORDS];

        Piece() {
            Arrays.fill(types, NONE);
        }
    }

    /** An empty one. */
    RecordIndex(IndexStock stock) {
        this.stock = stock;
    }

    /** Makes room for a record and all before it; whether the stock had enough for that. */
    boolean growTo(int sequence) {
        while (pieces.size() <= sequence / PIECE_RECORDS) {
            if (pieces.size() >= OWN_PIECES && !stock.take(PIECE_BYTES)) {
                return false;
            }
            pieces.add(new Piece());
        }
        return true;
    }

    /** Whether a record is in it that there is room for. */
    boolean has(int sequence) {
        return piece(sequence).types[at(sequence)] != NONE;
    }

    /** Puts a record in that there is room for. */
    void put(RedoHead head, long place) {
        Piece piece = piece(head.sequence());
        int at = at(head.sequence());
        piece.types[at] = (byte) head.type().ordinal();
        piece.lengths[at] = head.bodyBytes();
        piece.crcs[at] = head.crc32c();
        piece.places[at] = place;
    }

    FrameType type(int sequence) {
        return TYPES[piece(sequence).types[at(sequence)]];
    }

    /** Of the body. */
    int length(int sequence) {
        return piece(sequence).lengths[at(sequence)];
    }

    /** CRC32C of the body. */
    int crc(int sequence) {
        return piece(sequence).crcs[at(sequence)];
    }

    /** Of the body in the slot. */
    long place(int sequence) {
        return piece(sequence).places[at(sequence)];
    }

    private Piece piece(int sequence) {
        return pieces.get(sequence / PIECE_RECORDS);
    }

    private static int at(int sequence) {
        return sequence % PIECE_RECORDS;
    }

    /** Forgets all records, and gives back what it took. */
    void clear() {
        int taken = Math.max(0, pieces.size() - OWN_PIECES);
        pieces.clear();
        stock.give((long) taken * PIECE_BYTES);
    }
}
