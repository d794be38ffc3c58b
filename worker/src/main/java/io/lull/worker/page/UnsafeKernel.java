package io.lull.worker.page;

/** The kernel by raw 64-bit reads and writes: the fastest that Java 17 has. Stateless. */
final class UnsafeKernel implements DeltaKernel {
    @Override
    public long changedLines(long now, long before) {
        long mask = 0;
        for (int line = 0; line < LINES; line++) {
            long a = now + line * LINE_BYTES;
            long b = before + line * LINE_BYTES;
            long x = (OffHeap.getLong(a) ^ OffHeap.getLong(b))
                    | (OffHeap.getLong(a + 8) ^ OffHeap.getLong(b + 8))
                    | (OffHeap.getLong(a + 16) ^ OffHeap.getLong(b + 16))
                    | (OffHeap.getLong(a + 24) ^ OffHeap.getLong(b + 24))
                    | (OffHeap.getLong(a + 32) ^ OffHeap.getLong(b + 32))
                    | (OffHeap.getLong(a + 40) ^ OffHeap.getLong(b + 40))
                    | (OffHeap.getLong(a + 48) ^ OffHeap.getLong(b + 48))
                    | (OffHeap.getLong(a + 56) ^ OffHeap.getLong(b + 56));
            // No branch: x | -x has its top bit set unless x is 0.
            mask |= ((x | -x) >>> 63) << line;
        }
        return mask;
    }

    @Override
    public long writeChanged(long now, long before, long lines, long maskOut, long wordOut) {
        long masks = maskOut;
        long words = wordOut;
        for (long rest = lines; rest != 0; rest &= rest - 1) {
            long offset = (long) Long.numberOfTrailingZeros(rest) * LINE_BYTES;
            long a = now + offset;
            long b = before + offset;
            int mask = 0;
            for (int word = 0; word < WORDS; word++) {
                long value = OffHeap.getLong(a + word * WORD_BYTES);
                long x = value ^ OffHeap.getLong(b + word * WORD_BYTES);
                int changed = (int) ((x | -x) >>> 63);
                OffHeap.putLong(b + word * WORD_BYTES, value);
                OffHeap.putLong(words, value);
                words += (long) changed << 3;
                mask |= changed << word;
            }
            OffHeap.putByte(masks, (byte) mask);
            masks++;
        }
        return words;
    }

    @Override
    public boolean isZero(long page) {
        for (int line = 0; line < LINES; line++) {
            long a = page + line * LINE_BYTES;
            long x = OffHeap.getLong(a)
                    | OffHeap.getLong(a + 8)
                    | OffHeap.getLong(a + 16)
                    | OffHeap.getLong(a + 24)
                    | OffHeap.getLong(a + 32)
                    | OffHeap.getLong(a + 40)
                    | OffHeap.getLong(a + 48)
                    | OffHeap.getLong(a + 56);
            if (x != 0) {
                return false;
            }
        }
        return true;
    }
}
