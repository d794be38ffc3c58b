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
 *  0 u64 serial, 0 while it is written   8 the state       twice, 8192 bytes each; the higher serial counts
 * </pre>
 *
 * <p>A process that dies while it writes leaves the other slot. A slot with a serial whose state is damaged was not left by a
 * process that died: all of it is unreadable then.
 */
final class CommitStateFile implements AutoCloseable {
    static final String NAME = "commit.state";

    private static final int SLOT_BYTES = 8 << 10;
    private static final int SLOTS = 2;
    private static final int STATE_AT = 8;

    private final Path file;
    private final MappedByteBuffer slots;
    private long serial;

    private CommitStateFile(Path file, MappedByteBuffer slots) {
        this.file = file;
        this.slots = slots;
        this.serial = Math.max(serialOf(0), serialOf(1));
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
            return new CommitStateFile(file, slots);
        }
    }

    private long serialOf(int slot) {
        return slots.getLong(slot * SLOT_BYTES);
    }

    /** The state that was written last; empty when none was. */
    Optional<CommitState> read() throws UnreadableException {
        Optional<CommitState> newest = Optional.empty();
        for (int slot = 0; slot < SLOTS; slot++) {
            if (serialOf(slot) != 0) {
                CommitState state = CommitState.decode(
                        slots.slice(slot * SLOT_BYTES + STATE_AT, SLOT_BYTES - STATE_AT),
                        file + " (slot " + slot + ")");
                if (serialOf(slot) == serial) {
                    newest = Optional.of(state);
                }
            }
        }
        return newest;
    }

    /** When this returns, it outlives the process. */
    void write(CommitState state) {
        ByteBuffer bytes = state.encode();
        serial++;
        int at = (int) (serial % SLOTS) * SLOT_BYTES;
        slots.putLong(at, 0);
        VarHandle.fullFence();
        slots.put(at + STATE_AT, bytes, 0, bytes.limit());
        VarHandle.fullFence();
        slots.putLong(at, serial);
        VarHandle.fullFence();
    }

    @Override
    public void close() {
        OffHeap.unmap(slots);
    }
}
