package io.lull.worker.colo;

import io.lull.worker.capture.StagingArea;
import io.lull.worker.page.OffHeap;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/**
 * Reads QEMU's big-endian stream in place: the socket is read straight into staging segments and parsed there, so that a
 * page is copied once, by the kernel. Not thread-safe: one thread reads.
 */
final class StreamReader {
    /** The longest stretch that is asked for at once: a page record with its block's name. */
    static final int MAX_STRETCH_BYTES = 64 << 10;

    private final ReadableByteChannel channel;
    private ByteBuffer segment;
    private long segmentAddress;
    private StagingArea area;
    private final LongSupplier nanoClock;
    private long totalBytes;
    private long readingNanos;

    StreamReader(ReadableByteChannel channel, StagingArea area, LongSupplier nanoClock) {
        this.channel = channel;
        this.area = area;
        this.nanoClock = nanoClock;
        this.segment = area.firstSegment();
        this.segmentAddress = OffHeap.address(segment);
        segment.clear().limit(0);
    }

    /** Bytes consumed since the stream began. */
    long totalBytes() {
        return totalBytes;
    }

    /** Time spent in reads since the stream began: waiting for QEMU, and the kernel's copy. */
    long readingNanos() {
        return readingNanos;
    }

    /** Continues in {@code next}'s first segment; what was read ahead is carried over, pages in the old area stay. */
    void switchTo(StagingArea next) {
        area = next;
        continueIn(next.firstSegment());
    }

    int u8() throws IOException {
        need(1);
        totalBytes += 1;
        return segment.get() & 0xff;
    }

    /** The next byte, which stays unread. */
    int peek() throws IOException {
        need(1);
        return segment.get(segment.position()) & 0xff;
    }

    int u16() throws IOException {
        need(2);
        totalBytes += 2;
        return segment.getShort() & 0xffff;
    }

    int u32() throws IOException {
        need(4);
        totalBytes += 4;
        return segment.getInt();
    }

    long u64() throws IOException {
        need(8);
        totalBytes += 8;
        return segment.getLong();
    }

    String str8() throws IOException {
        return new String(bytes(u8()), StandardCharsets.US_ASCII);
    }

    /** Consumes a string as {@link #str8} does if it is this text, without making one; consumes nothing if it isn't. */
    boolean takeStr8(byte[] text) throws IOException {
        need(1);
        int length = segment.get(segment.position()) & 0xff;
        if (length != text.length) {
            return false;
        }
        need(1 + length);
        int from = segment.position() + 1;
        for (int i = 0; i < length; i++) {
            if (segment.get(from + i) != text[i]) {
                return false;
            }
        }
        segment.position(from + length);
        totalBytes += 1 + length;
        return true;
    }

    /** Passes {@code count} bytes over, at most {@link #MAX_STRETCH_BYTES}. */
    void skip(int count) throws IOException {
        need(count);
        segment.position(segment.position() + count);
        totalBytes += count;
    }

    /** Copies {@code count} bytes out; for headers, not for pages. */
    byte[] bytes(int count) throws IOException {
        byte[] copy = new byte[count];
        for (int done = 0; done < count; ) {
            int piece = Math.min(count - done, MAX_STRETCH_BYTES);
            need(piece);
            segment.get(copy, done, piece);
            done += piece;
        }
        totalBytes += count;
        return copy;
    }

    /** Consumes {@code count} contiguous bytes and returns the address where they lie until the area is reused. */
    long inPlace(int count) throws IOException {
        need(count);
        long address = segmentAddress + segment.position();
        segment.position(segment.position() + count);
        totalBytes += count;
        return address;
    }

    /** Waits for at least one byte and returns how many are at hand. */
    int available() throws IOException {
        need(1);
        return segment.remaining();
    }

    /** Reads on until the stream ends; false when it has not ended after {@code maxBytes}. */
    boolean skipToEnd(long maxBytes) throws IOException {
        long skipped = segment.remaining();
        while (skipped <= maxBytes) {
            segment.clear();
            int read = channel.read(segment);
            if (read < 0) {
                segment.limit(0);
                return true;
            }
            skipped += read;
        }
        return false;
    }

    private void need(int count) throws IOException {
        if (segment.remaining() >= count) {
            return;
        }
        if (segment.capacity() - segment.position() < count) {
            continueIn(area.nextSegment());
        }
        int parsed = segment.position();
        segment.position(segment.limit()).limit(segment.capacity());
        long beganAtNanos = nanoClock.getAsLong();
        while (segment.position() - parsed < count) {
            if (channel.read(segment) < 0) {
                throw new EOFException("QEMU closed the COLO stream after " + totalBytes + " bytes");
            }
        }
        readingNanos += nanoClock.getAsLong() - beganAtNanos;
        segment.flip().position(parsed);
    }

    private void continueIn(ByteBuffer next) {
        if (next == segment) {
            next.compact().flip();
        } else {
            next.clear();
            next.put(segment);
            next.flip();
        }
        segment = next;
        segmentAddress = OffHeap.address(next);
    }
}
