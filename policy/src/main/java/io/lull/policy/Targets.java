package io.lull.policy;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the operator wants of a VM's protection, and what it may take, each optional: objectives instead of knobs.
 *
 * @param outputDelayP99Nanos 99 of 100 frames leave within this time of being sent
 * @param overheadRatio share of the VM's time that pauses may take
 * @param shippedBytesPerSecond bytes that replication may send
 * @param encodeThreads most threads that may work on the VM's pages at once; no policy's affair, handed on to the worker
 */
public record Targets(
        OptionalLong outputDelayP99Nanos,
        OptionalDouble overheadRatio,
        OptionalLong shippedBytesPerSecond,
        OptionalInt encodeThreads) {
    /** None asked for. */
    public static final Targets NONE = new Targets(OptionalLong.empty(), OptionalDouble.empty(), OptionalLong.empty());

    public Targets {
        outputDelayP99Nanos.ifPresent(value -> Checks.positive("outputDelayP99Nanos", value));
        overheadRatio.ifPresent(value -> Checks.within("overheadRatio", value, 1e-6, 1));
        shippedBytesPerSecond.ifPresent(value -> Checks.positive("shippedBytesPerSecond", value));
        encodeThreads.ifPresent(value -> Checks.positive("encodeThreads", value));
    }

    /** Without a word on threads. */
    public Targets(OptionalLong outputDelayP99Nanos, OptionalDouble overheadRatio, OptionalLong shippedBytesPerSecond) {
        this(outputDelayP99Nanos, overheadRatio, shippedBytesPerSecond, OptionalInt.empty());
    }

    /** Only this output delay. */
    public static Targets outputDelay(long p99Nanos) {
        return new Targets(OptionalLong.of(p99Nanos), OptionalDouble.empty(), OptionalLong.empty());
    }
}
