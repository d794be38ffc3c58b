package io.lull.worker.output;

import java.util.ArrayDeque;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate's books: which frames wait for which epoch, and which may leave. Thread-safe; but for {@link #take} and
 * {@link #awaitDrained}, no call waits longer than for a few assignments, or for one step per sealed epoch and per block of
 * frames that is dropped for its age.
 */
final class GateQueue {
    /** Epochs sealed and not released; beyond, the newest two are joined as the later one, which only delays. */
    static final int MAX_SEALED_EPOCHS = 1024;
    /**
     * What has waited for longer is dropped: no network keeps a frame that long, and who gets it may have forgotten what it belongs to.
     * TCP reckons with two minutes at most (RFC 9293, MSL); Linux forgets a connection one minute after its end, or after a first
     * answer that nobody takes.
     */
    static final long MAX_HELD_NANOS = 60_000_000_000L;
    /** Made beforehand: more than are ever captured and not acknowledged. */
    private static final int SPARE_EPOCHS = 32;

    private static final Logger LOG = LoggerFactory.getLogger(GateQueue.class);

    private final long maxHeldBytes;
    private final HeldShare share;
    private final ArrayDeque<SealedEpoch> sealed = new ArrayDeque<>(MAX_SEALED_EPOCHS);
    /** For cuts to come, which are made in pauses and allocate nothing. */
    private final ArrayDeque<SealedEpoch> spare = new ArrayDeque<>(MAX_SEALED_EPOCHS);

    private final BlockChain ready = new BlockChain();
    private final BlockChain open = new BlockChain();
    private GateState state = GateState.HOLDING;
    /** What the share knows of. */
    private long sharedBytes;

    private Traffic writing = Traffic.NONE;
    private long sealedPackets;
    private long sealedBytes;
    private Traffic sent = Traffic.NONE;
    private Traffic received = Traffic.NONE;
    private long droppedPackets;
    private long nextEpoch;
    /** The first epoch that can have been cut since output is held. */
    private long holdingFromEpoch;
    /** The last epoch released since then. */
    private OptionalLong heldSinceEpoch = OptionalLong.empty();

    private OptionalLong lastOutputNanos = OptionalLong.empty();
    private OptionalLong lastWrittenNanos = OptionalLong.empty();

    /** An epoch that was cut with its frames; used again when these have gone. */
    private static final class SealedEpoch {
        private final BlockChain frames = new BlockChain();
        private long epoch;
    }

    /** @param share that this queue has with those of other VMs */
    GateQueue(long maxHeldBytes, HeldShare share) {
        this.maxHeldBytes = maxHeldBytes;
        this.share = share;
        for (int i = 0; i < SPARE_EPOCHS; i++) {
            spare.add(new SealedEpoch());
        }
    }

    synchronized GateState state() {
        return state;
    }

    /** How many bytes can be added now; {@link #add} makes it less, and so does what other VMs hold. */
    synchronized long roomBytes(long nowNanos) {
        expire(nowNanos);
        long occupied = occupiedBytes();
        return state.isOpen() ? Math.max(0, Math.min(maxHeldBytes - occupied, share.roomBytes(occupied))) : 0;
    }

    /** Called wherever this queue may have become shorter; that it has grown is told before it may grow again. */
    private void tellShare() {
        long bytes = state.isOpen() ? occupiedBytes() : 0;
        share.add(bytes - sharedBytes);
        sharedBytes = bytes;
    }

    /**
     * Adds what one read of the guest's output brought.
     *
     * @param kept the frames that fitted; may be empty
     * @param seen all frames, by Ethernet bytes
     */
    synchronized void add(Block kept, Traffic seen) {
        sent = sent.plus(seen);
        lastOutputNanos = OptionalLong.of(kept.arrivedNanos());
        droppedPackets += seen.packets() - kept.packets();
        if (!state.isOpen()) {
            droppedPackets += kept.packets();
        } else if (kept.packets() > 0) {
            if (state == GateState.HOLDING) {
                open.add(kept);
            } else {
                ready.add(kept);
                notifyAll();
            }
        }
    }

    /** Drops what was held for too long, of which the oldest comes first. */
    private void expire(long nowNanos) {
        while (!sealed.isEmpty() && expire(sealed.getFirst(), nowNanos)) {
            spare.addLast(sealed.removeFirst());
        }
        if (sealed.isEmpty()) {
            droppedPackets += open.dropOlder(MAX_HELD_NANOS, nowNanos);
        }
        tellShare();
    }

    /** Whether nothing is left of the epoch. */
    private boolean expire(SealedEpoch epoch, long nowNanos) {
        long bytes = epoch.frames.bytes();
        long dropped = epoch.frames.dropOlder(MAX_HELD_NANOS, nowNanos);
        droppedPackets += dropped;
        sealedPackets -= dropped;
        sealedBytes -= bytes - epoch.frames.bytes();
        return epoch.frames.isEmpty();
    }

    synchronized void addReceived(Traffic seen) {
        received = received.plus(seen);
    }

    /** Seals the open frames as {@code epoch}'s output, allocating nothing; returns how many packets these are. */
    synchronized long cut(long epoch) {
        if (epoch < nextEpoch) {
            throw new IllegalArgumentException(
                    "epoch " + epoch + " was cut, but the next to cut is " + nextEpoch + " or later");
        }
        nextEpoch = epoch + 1;
        long packets = open.packets();
        if (packets == 0) {
            return 0;
        }
        sealedPackets += packets;
        sealedBytes += open.bytes();
        SealedEpoch last = sealed.size() == MAX_SEALED_EPOCHS ? sealed.getLast() : nextSealed();
        last.epoch = epoch;
        last.frames.takeAll(open);
        return packets;
    }

    private SealedEpoch nextSealed() {
        SealedEpoch next = spare.isEmpty() ? new SealedEpoch() : spare.removeLast();
        sealed.addLast(next);
        return next;
    }

    /** Moves the frames of all sealed epochs up to {@code epoch} behind those of {@code into}. */
    private void unseal(long epoch, BlockChain into) {
        while (!sealed.isEmpty() && sealed.getFirst().epoch <= epoch) {
            SealedEpoch first = sealed.removeFirst();
            sealedPackets -= first.frames.packets();
            sealedBytes -= first.frames.bytes();
            into.takeAll(first.frames);
            spare.addLast(first);
        }
    }

    /** Hands all sealed epochs up to {@code epoch} to the writer. */
    synchronized Released release(long epoch, long nowNanos) {
        if (epoch >= nextEpoch) {
            throw new IllegalArgumentException(
                    "epoch " + epoch + " was released before it was cut; the last cut one is " + (nextEpoch - 1));
        }
        if (state == GateState.HOLDING && epoch >= holdingFromEpoch) {
            heldSinceEpoch = OptionalLong.of(epoch);
        }
        expire(nowNanos);
        BlockChain released = new BlockChain();
        unseal(epoch, released);
        return released.isEmpty() ? Released.NONE : letGo(released, nowNanos);
    }

    /** Lets all go that is held and not too old, and passes what comes; or holds again what comes from now on. */
    synchronized void passThrough(boolean pass, long nowNanos) {
        GateState next = pass ? GateState.PASSING : GateState.HOLDING;
        if (!state.allows(next)) {
            return;
        }
        transition(next, pass ? "output passes" : "output is held");
        heldSinceEpoch = OptionalLong.empty();
        holdingFromEpoch = nextEpoch;
        if (pass) {
            expire(nowNanos);
            unseal(Long.MAX_VALUE, ready);
            ready.takeAll(open);
            notifyAll();
        }
    }

    /** See {@link OutputGate#heldSinceEpoch}. */
    synchronized OptionalLong heldSinceEpoch() {
        return state == GateState.HOLDING ? heldSinceEpoch : OptionalLong.empty();
    }

    /** Drops all that has not reached the writer, for good; returns whether the gate was open until now. */
    synchronized boolean giveUp(GateState next, String reason) {
        if (!state.allows(next)) {
            return false;
        }
        transition(next, reason);
        BlockChain dropped = new BlockChain();
        unseal(Long.MAX_VALUE, dropped);
        droppedPackets += dropped.clear() + open.clear() + ready.clear();
        tellShare();
        notifyAll();
        return true;
    }

    /** Waits for frames that may leave and moves them into {@code into}; returns 0 when none ever will. */
    synchronized int take(Block[] into) throws InterruptedException {
        while (ready.isEmpty() && state.isOpen()) {
            wait();
        }
        long packets = ready.packets();
        long bytes = ready.bytes();
        int count = ready.poll(into);
        writing = new Traffic(packets - ready.packets(), bytes - ready.bytes());
        return count;
    }

    /** Notes that the frames of the last {@link #take} are with QEMU. */
    synchronized void written(long nowNanos) {
        writing = Traffic.NONE;
        lastWrittenNanos = OptionalLong.of(nowNanos);
        tellShare();
        notifyAll();
    }

    /** See {@link OutputGate#hasBeenQuietSince}. */
    synchronized boolean hasBeenQuietSince(long nanos) {
        return ready.isEmpty()
                && writing.packets() == 0
                && (lastWrittenNanos.isEmpty() || lastWrittenNanos.getAsLong() - nanos < 0);
    }

    /** Waits until nothing is leaving; returns false when that takes longer than the limit. */
    synchronized boolean awaitDrained(long limitNanos) throws InterruptedException {
        long deadline = System.nanoTime() + limitNanos;
        while (state.isOpen() && (!ready.isEmpty() || writing.packets() > 0)) {
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }

    synchronized GateSnapshot snapshot(long nowNanos) {
        long oldestOpen = open.oldestNanos(nowNanos);
        long oldest = sealed.isEmpty() ? oldestOpen : sealed.getFirst().frames.oldestNanos(nowNanos);
        return new GateSnapshot(
                state,
                sent,
                received,
                new Traffic(sealedPackets + open.packets(), sealedBytes + open.bytes()),
                writing.plus(new Traffic(ready.packets(), ready.bytes())),
                droppedPackets,
                Math.max(0, nowNanos - oldest),
                open.packets(),
                Math.max(0, nowNanos - oldestOpen),
                lastOutputNanos);
    }

    private Released letGo(BlockChain frames, long nowNanos) {
        Released released =
                new Released(frames.packets(), frames.bytes(), Math.max(0, nowNanos - frames.oldestNanos(nowNanos)));
        ready.takeAll(frames);
        notifyAll();
        return released;
    }

    private long occupiedBytes() {
        return open.bytes() + sealedBytes + ready.bytes() + writing.bytes();
    }

    private void transition(GateState next, String reason) {
        LOG.info("Output gate {} -> {}: {}", state, next, reason);
        state = next;
    }
}
