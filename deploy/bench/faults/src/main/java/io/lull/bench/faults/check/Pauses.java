package io.lull.bench.faults.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The pauses of a guest, and which of them were longer than they may be. Not thread-safe. */
public final class Pauses {
    private final List<Span> spans = new ArrayList<>();
    private final List<Span> excused = new ArrayList<>();
    private OptionalLong stoppedAtNanos = OptionalLong.empty();

    /** A stretch of time on a monotonic clock. */
    private record Span(long fromNanos, long toNanos) {
        long nanos() {
            return toNanos - fromNanos;
        }

        /** How long both last at once. */
        long sharedNanos(Span other) {
            return Math.max(0, Math.min(toNanos, other.toNanos) - Math.max(fromNanos, other.fromNanos));
        }
    }

    /** The guest was stopped. */
    public void stopped(long atNanos) {
        if (stoppedAtNanos.isEmpty()) {
            stoppedAtNanos = OptionalLong.of(atNanos);
        }
    }

    /** The guest runs again. */
    public void resumed(long atNanos) {
        if (stoppedAtNanos.isPresent()) {
            spans.add(new Span(stoppedAtNanos.getAsLong(), atNanos));
            stoppedAtNanos = OptionalLong.empty();
        }
    }

    /** Whether one goes on. */
    public boolean goesOn() {
        return stoppedAtNanos.isPresent();
    }

    /** In this stretch we ourselves kept QEMU from going on: it does not count. No two of them share a moment. */
    public void excuse(long fromNanos, long toNanos) {
        excused.add(new Span(fromNanos, toNanos));
    }

    /** How many pauses have ended. */
    public int count() {
        return spans.size();
    }

    /**
     * What is wrong; empty when nothing is.
     *
     * @param nowNanos up to when a pause that goes on has lasted
     */
    public Optional<String> judge(long limitNanos, long nowNanos) {
        List<Span> all = new ArrayList<>(spans);
        stoppedAtNanos.ifPresent(since -> all.add(new Span(since, nowNanos)));
        return all.stream()
                .map(this::countedNanos)
                .filter(nanos -> nanos > limitNanos)
                .findFirst()
                .map(nanos -> "the guest was paused for " + nanos / 1_000_000 + " ms, where " + limitNanos / 1_000_000
                        + " are the most");
    }

    private long countedNanos(Span pause) {
        return pause.nanos() - excused.stream().mapToLong(pause::sharedNanos).sum();
    }
}
