package io.lull.worker.output;

import org.jspecify.annotations.Nullable;

/** Blocks in order of arrival, with their totals; a chain is moved behind another in constant time. */
final class BlockChain {
    private @Nullable Block head;
    private @Nullable Block tail;
    private long packets;
    private long bytes;

    long packets() {
        return packets;
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return head == null;
    }

    /** When the oldest frame arrived; {@code otherwise} when the chain is empty. */
    long oldestNanos(long otherwise) {
        return head == null ? otherwise : head.arrivedNanos();
    }

    /** Adds a block that uses its chunk from now on, or grows the last block by it. */
    void add(Block block) {
        packets += block.packets();
        bytes += block.bytes();
        if (tail != null && tail.merge(block)) {
            return;
        }
        block.retain();
        if (tail == null) {
            head = block;
        } else {
            tail.next = block;
        }
        tail = block;
    }

    /** Moves all blocks of {@code other} behind those of this chain. */
    void takeAll(BlockChain other) {
        if (other.head == null) {
            return;
        }
        if (tail == null) {
            head = other.head;
        } else {
            tail.next = other.head;
        }
        tail = other.tail;
        packets += other.packets;
        bytes += other.bytes;
        other.forget();
    }

    /** Moves the first blocks, as many as there are and fit, into {@code into}; returns how many. */
    int poll(Block[] into) {
        int count = 0;
        while (head != null && count < into.length) {
            Block block = head;
            head = block.next;
            block.next = null;
            packets -= block.packets();
            bytes -= block.bytes();
            into[count++] = block;
        }
        if (head == null) {
            tail = null;
        }
        return count;
    }

    /** Releases the first blocks, as far as they have waited for longer than that, and returns how many packets that dropped. */
    long dropOlder(long limitNanos, long nowNanos) {
        long before = packets;
        while (head != null && nowNanos - head.arrivedNanos() > limitNanos) {
            Block block = head;
            head = block.next;
            packets -= block.packets();
            bytes -= block.bytes();
            block.release();
        }
        if (head == null) {
            tail = null;
        }
        return before - packets;
    }

    /** Releases all blocks and returns how many packets that dropped. */
    long clear() {
        long dropped = packets;
        for (Block block = head; block != null; block = block.next) {
            block.release();
        }
        forget();
        return dropped;
    }

    private void forget() {
        head = null;
        tail = null;
        packets = 0;
        bytes = 0;
    }
}
