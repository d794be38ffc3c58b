package io.lull.worker.page;

/** A 128-bit hash, of one page or of many: its low and its high 64 bits. */
public record PageDigest(long low, long high) {}
