package io.lull.worker.backup;

import io.lull.worker.page.OffHeap;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file in which a {@link CommitState} is kept, in two slots that are written in turn; for one thread at a time.
 *
 * <pre>
 *  0 u64 serial, 0 while it is written   8 a record: the serial again, the state       twice, 8192 bytes each
 * </pre>
 *
 * <p>The higher serial counts, as the record has it, whose checksum covers it. A process that dies while it writes leaves the other
 * slot, or what it was about to write. A slot with a serial and another record than that, or none, was not left by a process that
 * died: all of it is unreadable then.
 */
final class CommitStateFile implements AutoCloseable {
    static final String NAME = "commit.state";

    private static final int SLOT_BYTES = 8 << 10;
    private static final int SLOTS = 2;
    private static final int RECORD_AT = 8;

    private final MappedByteBuffer slots;
    private Optional<Numbered> newest;

    /** A state, and which of all that were written it is. */
    private record Numbered(long serial, CommitState state) {}

    private CommitStateFile(Path file, MappedByteBuffer slots) throws UnreadableException {
        this.slots = slots;
        Optional<Numbered> found = Optional.empty();
        for (int slot = 0; slot < SLOTS; slot++) {
            Optional<Numbered> own = inSlot(slot, file + " (slot " + slot + ")");
            if (own.isPresent()
                    && own.get().serial() > found.map(Numbered::serial).orElse(0L)) {
                found = own;
            }
        }
        this.newest = found;
    }

    /**
     * Opens the file, and makes it where there is none.
     *
     * @throws UnreadableException when it isn't such a file
     */
    static CommitStateFile open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() == 0) {
                ByteBuffer zeros = ByteBuffer.allocate(SLOTS * SLOT_BYTES);
                while (zeros.hasRemaining()) {
                    channel.write(zeros, zeros.position());
                }
            }
            if (channel.size() != SLOTS * SLOT_BYTES) {
                throw new UnreadableException(file + " has " + channel.size() + " bytes, not " + SLOTS * SLOT_BYTES);
            }
            MappedByteBuffer slots = channel.map(FileChannel.MapMode.READ_WRITE, 0, SLOTS * SLOT_BYTES);
            slots.order(ByteOrder.LITTLE_ENDIAN);
            try {
                return new CommitStateFile(file, slots);
            } catch (UnreadableException e) {
                OffHeap.unmap(slots);
                throw e;
            }
        }
    }

    private Optional<Numbered> inSlot(int slot, String where) throws UnreadableException {
        long serial = slots.getLong(slot * SLOT_BYTES);
        Numbered own;
        try {
            own = record(slots.slice(slot * SLOT_BYTES + RECORD_AT, SLOT_BYTES - RECORD_AT), where);
        } catch (UnreadableException e) {
            if (serial == 0) {
                return Optional.empty();
            }
            throw e;
        }
        if (serial != 0 && own.serial() != serial || own.serial() % SLOTS != slot) {
            throw new UnreadableException(where + " has the serial number " + serial + ", its record " + own.serial());
        }
        return Optional.of(own);
    }

    private static Numbered record(ByteBuffer bytes, String where) throws UnreadableException {
        KeptReader in = new KeptReader(KeptRecord.decode(KeptRecord.Kind.STATE, bytes, where), where);
        Numbered own = new Numbered(in.i64(), CommitState.from(in, where));
        in.end();
        return own;
    }

    /** The state that was written last; empty when none was. */
    Optional<CommitState> read() {
        return newest.map(Numbered::state);
    }

    /** When this returns, it outlives the process. */
    void write(CommitState state) {
        Numbered next = new Numbered(newest.map(Numbered::serial).orElse(0L) + 1, state);
        KeptWriter body = new KeptWriter(SLOT_BYTES).i64(next.serial());
        state.to(body);
        ByteBuffer record = KeptRecord.encode(KeptRecord.Kind.STATE, body.done());
        int at = (int) (next.serial() % SLOTS) * SLOT_BYTES;
        if (record.limit() > SLOT_BYTES - RECORD_AT) {
            throw new IllegalArgumentException("a state of " + record.limit() + " bytes");
        }
        slots.putLong(at, 0);
        VarHandle.fullFence();
        slots.put(at + RECORD_AT, record, 0, record.limit());
        VarHandle.fullFence();
        slots.putLong(at, next.serial());
        VarHandle.fullFence();
        newest = Optional.of(next);
    }

    @Override
    public void close() {
        OffHeap.unmap(slots);
    }
}
