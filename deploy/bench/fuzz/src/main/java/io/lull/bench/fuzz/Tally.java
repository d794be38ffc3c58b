package io.lull.bench.fuzz;

/** What the inputs of one target came to. Not thread-safe. */
final class Tally {
    private long inputs;
    private long refused;
    private long inputBytes;
    private long busyNanos;
    private long mostAllocatedBytes;
    private long mostCpuNanos;

    void input(byte[] input) {
        inputs++;
        inputBytes += input.length;
    }

    /** Adds what a thread did in {@code nanos}, mutation included. */
    void add(Tally other, long nanos) {
        inputs += other.inputs;
        inputBytes += other.inputBytes;
        busyNanos += nanos;
    }

    /** Takes in what a thread's trials saw. */
    void add(Trial.Seen seen) {
        refused += seen.refused();
        mostAllocatedBytes = Math.max(mostAllocatedBytes, seen.mostAllocatedBytes());
        mostCpuNanos = Math.max(mostCpuNanos, seen.mostCpuNanos());
    }

    long inputs() {
        return inputs;
    }

    /** A row of the report. */
    String row(String name) {
        double seconds = Math.max(1, busyNanos) / 1e9;
        return String.format(
                "%-10s %,12d %,12d %8d %,12.0f %10d %10.1f",
                name,
                inputs,
                refused,
                inputs == 0 ? 0 : inputBytes / inputs,
                inputs / seconds,
                mostAllocatedBytes >> 10,
                mostCpuNanos / 1e6);
    }

    static String header() {
        return String.format(
                "%-10s %12s %12s %8s %12s %10s %10s",
                "target", "inputs", "refused", "mean B", "a thread s", "most KiB", "most ms");
    }
}
