package io.lull.worker.page;

import net.openhft.hashing.LongTupleHashFunction;

/** The 128-bit hash of pages (XXH3), seeded so that a guest can't prepare pages that collide. Thread-safe. */
final class PageHasher {
    /** Longs of a hash: low, high. */
    static final int LONGS = 2;

    private final LongTupleHashFunction function;

    PageHasher(long seed) {
        function = LongTupleHashFunction.xx128(seed);
    }

    /** Hashes the page at an address into {@code result}. */
    void hashPage(long address, long[] result) {
        function.hashMemory(address, PageMemory.PAGE_BYTES, result);
    }

    /** Hashes {@code bytes} bytes at an address into {@code result}. */
    void hash(long address, long bytes, long[] result) {
        function.hashMemory(address, bytes, result);
    }
}
