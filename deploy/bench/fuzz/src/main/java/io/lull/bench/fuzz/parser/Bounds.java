package io.lull.bench.fuzz.parser;

/**
 * The most that an input may allocate on the heap: {@code fixedBytes + perInputByte * bytes of input}.
 *
 * @param fixedBytes whatever the input is
 * @param perInputByte bytes for each byte that came
 */
public record Bounds(long fixedBytes, long perInputByte) {
    /** The bound for an input of this length. */
    public long of(int inputBytes) {
        return fixedBytes + perInputByte * inputBytes;
    }
}
