package io.lull.bench.fuzz;

import io.lull.bench.fuzz.parser.Target;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Gives a target one input and judges what comes of it; for the target's thread. */
final class Trial {
    /** CPU time that no input may take. */
    static final long MOST_CPU_NANOS = 500_000_000L;

    private final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final String name;
    private final Target target;
    private final HangWatch.Seat seat;
    private long mostAllocatedBytes;
    private long mostCpuNanos;
    private long refused;

    Trial(String name, Target target, HangWatch.Seat seat) {
        this.name = name;
        this.target = target;
        this.seat = seat;
    }

    /**
     * What the inputs came to since the last call of {@link #seen}.
     *
     * @param refused inputs that the target refused, as documented
     * @param mostAllocatedBytes by one input, on the heap
     * @param mostCpuNanos of one input
     */
    record Seen(long refused, long mostAllocatedBytes, long mostCpuNanos) {}

    Seen seen() {
        Seen seen = new Seen(refused, mostAllocatedBytes, mostCpuNanos);
        refused = 0;
        mostAllocatedBytes = 0;
        mostCpuNanos = 0;
        return seen;
    }

    /** What came of one run. */
    private record Run(Optional<Throwable> wrong, long allocatedBytes, long cpuNanos) {}

    /** Tries an input; one that costs too much is tried once more, since a first time also loads and links classes. */
    Optional<Violation> of(byte[] input) {
        Run run = run(input);
        if (run.wrong().isEmpty() && over(run, input.length)) {
            run = run(input);
        }
        mostAllocatedBytes = Math.max(mostAllocatedBytes, run.allocatedBytes());
        mostCpuNanos = Math.max(mostCpuNanos, run.cpuNanos());
        return judged(input, run);
    }

    private Run run(byte[] input) {
        Optional<Throwable> wrong = Optional.empty();
        boolean asDocumented = false;
        seat.begin(name, input);
        long cpuNanos = threads.getCurrentThreadCpuTime();
        long allocatedBytes = threads.getCurrentThreadAllocatedBytes();
        try {
            target.run(input);
        } catch (Throwable thrown) {
            asDocumented = target.refuses(thrown);
            wrong = asDocumented ? Optional.empty() : Optional.of(thrown);
        }
        allocatedBytes = threads.getCurrentThreadAllocatedBytes() - allocatedBytes;
        cpuNanos = threads.getCurrentThreadCpuTime() - cpuNanos;
        seat.end();
        refused += asDocumented ? 1 : 0;
        return new Run(wrong, allocatedBytes, cpuNanos);
    }

    private boolean over(Run run, int inputBytes) {
        return run.allocatedBytes() > target.bounds().of(inputBytes) || run.cpuNanos() > MOST_CPU_NANOS;
    }

    private Optional<Violation> judged(byte[] input, Run run) {
        if (run.wrong().isPresent()) {
            return violation(Violation.Kind.WRONG_EXCEPTION, trace(run.wrong().get()), input);
        }
        long mostBytes = target.bounds().of(input.length);
        if (run.allocatedBytes() > mostBytes) {
            return violation(
                    Violation.Kind.ALLOCATION,
                    run.allocatedBytes() + " bytes for an input of " + input.length + ", bound " + mostBytes,
                    input);
        }
        if (run.cpuNanos() > MOST_CPU_NANOS) {
            return violation(
                    Violation.Kind.SLOW,
                    run.cpuNanos() / 1_000_000 + " ms of CPU time for an input of " + input.length + " bytes, bound "
                            + MOST_CPU_NANOS / 1_000_000,
                    input);
        }
        return Optional.empty();
    }

    private Optional<Violation> violation(Violation.Kind kind, String what, byte[] input) {
        return Optional.of(new Violation(kind, name, what, input));
    }

    static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
