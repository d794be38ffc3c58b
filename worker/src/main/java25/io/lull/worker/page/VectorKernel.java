package io.lull.worker.page;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel by 512-bit vectors: a line is one vector, its word mask one comparison, its changed words one compress.
 * Stateless. Compiled only where the build knows a JDK 25 or later, see worker/docs/capture.md; {@link KernelChoice} loads it by name.
 *
 * <p>Where 512 bits are not the machine's preferred width, the same code is some 30 times slower and allocates, so the
 * constructor refuses.
 */
final class VectorKernel implements DeltaKernel {
    private static final VectorSpecies<Long> LINE = LongVector.SPECIES_512;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    /** All memory, so that an offset is an address. */
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    VectorKernel() {
        int bits = LongVector.SPECIES_PREFERRED.vectorBitSize();
        if (bits != LINE.vectorBitSize()) {
            throw new UnsupportedOperationException("vectors of " + bits + " bits, not " + LINE.vectorBitSize());
        }
    }

    private static LongVector load(long address) {
        return LongVector.fromMemorySegment(LINE, MEMORY, address, ORDER);
    }

    @Override
    public long changedLines(long now, long before) {
        long mask = 0;
        for (int line = 0; line < LINES; line++) {
            long offset = (long) line * LINE_BYTES;
            VectorMask<Long> changed = load(now + offset).compare(VectorOperators.NE, load(before + offset));
            long bits = changed.toLong();
            mask |= (-bits >>> 63) << line;
        }
        return mask;
    }

    @Override
    public long writeChanged(long now, long before, long lines, long maskOut, long wordOut) {
        long masks = maskOut;
        long words = wordOut;
        for (long rest = lines; rest != 0; rest &= rest - 1) {
            long offset = (long) Long.numberOfTrailingZeros(rest) * LINE_BYTES;
            LongVector value = load(now + offset);
            VectorMask<Long> changed = value.compare(VectorOperators.NE, load(before + offset));
            value.intoMemorySegment(MEMORY, before + offset, ORDER);
            value.compress(changed).intoMemorySegment(MEMORY, words, ORDER);
            int mask = (int) changed.toLong();
            OffHeap.putByte(masks++, (byte) mask);
            words += (long) Integer.bitCount(mask) * WORD_BYTES;
        }
        return words;
    }

    @Override
    public boolean isZero(long page) {
        for (int line = 0; line < LINES; line++) {
            LongVector value = load(page + (long) line * LINE_BYTES);
            if (value.compare(VectorOperators.NE, 0).toLong() != 0) {
                return false;
            }
        }
        return true;
    }
}
