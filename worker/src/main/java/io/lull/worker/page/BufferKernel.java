package io.lull.worker.page;

import java.nio.ByteBuffer;

/**
 * The kernel by buffers that check every index: half as fast as {@link UnsafeKernel}, and a kernel's mistake is an
 * exception instead of a broken process. For one thread; it moves four views from page to page.
 */
final class BufferKernel implements DeltaKernel {
    private final ByteBuffer now = OffHeap.buffer(0, PageMemory.PAGE_BYTES);
    private final ByteBuffer before = OffHeap.buffer(0, PageMemory.PAGE_BYTES);
    private final ByteBuffer masks = OffHeap.buffer(0, LINES);
    private final ByteBuffer words = OffHeap.buffer(0, PageMemory.PAGE_BYTES + SLACK_BYTES);

    @Override
    public long changedLines(long nowAt, long beforeAt) {
        OffHeap.move(now, nowAt);
        OffHeap.move(before, beforeAt);
        long mask = 0;
        for (int line = 0; line < LINES; line++) {
            long x = 0;
            for (int at = line * LINE_BYTES; at < (line + 1) * LINE_BYTES; at += WORD_BYTES) {
                x |= now.getLong(at) ^ before.getLong(at);
            }
            mask |= ((x | -x) >>> 63) << line;
        }
        return mask;
    }

    @Override
    public long writeChanged(long nowAt, long beforeAt, long lines, long maskOut, long wordOut) {
        OffHeap.move(now, nowAt);
        OffHeap.move(before, beforeAt);
        OffHeap.move(masks, maskOut);
        OffHeap.move(words, wordOut);
        int line = 0;
        int word = 0;
        for (long rest = lines; rest != 0; rest &= rest - 1) {
            int first = Long.numberOfTrailingZeros(rest) * LINE_BYTES;
            int mask = 0;
            for (int i = 0; i < WORDS; i++) {
                long value = now.getLong(first + i * WORD_BYTES);
                long x = value ^ before.getLong(first + i * WORD_BYTES);
                int changed = (int) ((x | -x) >>> 63);
                before.putLong(first + i * WORD_BYTES, value);
                words.putLong(word, value);
                word += changed << 3;
                mask |= changed << i;
            }
            masks.put(line++, (byte) mask);
        }
        return wordOut + word;
    }

    @Override
    public boolean isZero(long page) {
        OffHeap.move(now, page);
        for (int at = 0; at < PageMemory.PAGE_BYTES; at += WORD_BYTES) {
            if (now.getLong(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
