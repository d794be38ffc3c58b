package io.lull.bench.job.report;

/**
 * Something that was measured.
 *
 * @param name what, and of whom
 * @param value in {@code unit}
 * @param unit for a reader
 */
public record Figure(String name, double value, String unit) {}
