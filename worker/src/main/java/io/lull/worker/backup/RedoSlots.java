package io.lull.worker.backup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The redo slots of a backup, and the numbers of its promises. Thread-safe.
 *
 * <p>Two are in use as a rule: the epoch that is coming, and the one that is being applied. More are made when more epochs are open,
 * or wait to be applied. Those that wait behind a session's first epoch beyond {@link ApplyLoop#MAX_UNAPPLIED_EPOCHS} rest: they are
 * closed files without mappings, so that neither limits how many there may be.
 */
final class RedoSlots implements AutoCloseable {
    /** Epochs that are open, one that is being sealed, those that wait to be applied, and the one that is. */
    static final int MAX_SLOTS = RedoLog.MAX_OPEN_EPOCHS + 1 + ApplyLoop.MAX_BEHIND_FIRST_EPOCH + 1;

    private static final Logger log = LoggerFactory.getLogger(RedoSlots.class);
    private static final Pattern NAME = Pattern.compile("redo-[0-9]{1,5}\\.slot");

    private final Path directory;
    private final SlabPool slabs;
    private final IndexStock index;
    private final long roomToLeaveBytes;
    private final UUID store;
    private final Deque<RedoSlot> free = new ArrayDeque<>();
    /** Of which there is a file. */
    private final BitSet numbers = new BitSet();

    private long lastNumber;
    private Optional<String> closed = Optional.empty();

    /** As the other, with what indexes may take of this process' heap. */
    RedoSlots(Path directory, SlabPool slabs, long roomToLeaveBytes, UUID store, long lastNumber) {
        this(directory, slabs, IndexStock.ofThisProcess(), roomToLeaveBytes, store, lastNumber);
    }

    /**
     * None is made yet.
     *
     * @param directory where their files are
     * @param slabs how much of them may be mapped beside what each keeps
     * @param index how much heap the indexes of their records may take
     * @param roomToLeaveBytes what epochs that wait must leave free where they are: to apply the first may need it
     * @param store what they belong to
     * @param lastNumber the last promise that was given in it
     */
    RedoSlots(Path directory, SlabPool slabs, IndexStock index, long roomToLeaveBytes, UUID store, long lastNumber) {
        this.directory = directory;
        this.slabs = slabs;
        this.index = index;
        this.roomToLeaveBytes = roomToLeaveBytes;
        this.store = store;
        this.lastNumber = lastNumber;
    }

    /** Whether a file of this name is a slot. */
    static boolean isSlot(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName())).matches();
    }

    /** Whether more epochs may wait than at other times, for all that is known of the room. */
    boolean isRoomLeft() {
        return directory.toFile().getUsableSpace() >= roomToLeaveBytes;
    }

    /** An epoch in one that is open. */
    EpochLog begin(long epoch) throws IOException {
        return new EpochLog(epoch, take(), index);
    }

    /** One that is open. */
    synchronized RedoSlot take() throws IOException {
        if (closed.isPresent()) {
            throw new IOException(closed.get());
        }
        RedoSlot slot = free.isEmpty() ? make() : free.pop();
        slot.open();
        return slot;
    }

    private RedoSlot make() throws IOException {
        int number = numbers.nextClearBit(0);
        if (number >= MAX_SLOTS) {
            throw new IOException(MAX_SLOTS + " redo slots are in use in " + directory);
        }
        RedoSlot slot = RedoSlot.create(
                directory.resolve("redo-" + number + ".slot"), slabs, released -> give(released, number));
        numbers.set(number);
        return slot;
    }

    private void give(RedoSlot slot, int number) {
        try {
            // To let go of what a first epoch took, as much as the guest's memory, takes a while: none may wait for
            // that.
            slot.clear();
            keep(slot, number);
        } catch (IOException e) {
            throw new IllegalStateException("a redo slot in " + directory + " can't be used again: " + e, e);
        }
    }

    private synchronized void keep(RedoSlot cleared, int number) throws IOException {
        if (cleared.isRested()) {
            numbers.clear(number);
        } else if (closed.isPresent()) {
            cleared.remove();
        } else {
            free.push(cleared);
        }
    }

    /** When this returns, the epoch is promised: it will be in the image, whatever becomes of this process. */
    synchronized void promise(EpochLog epoch, UUID image, UUID session) {
        epoch.promise(store, lastNumber + 1, image, session);
        lastNumber++;
    }

    /** Takes back the last promise, of which nobody has heard; the epoch is dropped. */
    synchronized void withdraw(EpochLog epoch) {
        boolean promised = epoch.isPromised();
        epoch.close();
        if (promised) {
            lastNumber--;
        }
    }

    /** Removes the free ones; what is sealed stays for the next process, and what is open goes when it is given back. */
    @Override
    public void close() {
        close("the backup is closing");
    }

    /** The same, and why. */
    synchronized void close(String why) {
        closed = Optional.of(why);
        for (RedoSlot slot : free) {
            try {
                slot.remove();
            } catch (IOException e) {
                log.warn("A redo slot can't be removed from {}", directory, e);
            }
        }
        free.clear();
    }
}
