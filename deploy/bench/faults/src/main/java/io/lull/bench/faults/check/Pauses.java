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
        boolean overlaps(Span other) {
            return fromNanos - other.toNanos <= 0 && other.fromNanos - toNanos <= 0;
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

    /** In this stretch we ourselves kept QEMU from going on. */
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
                .filter(span -> span.toNanos() - span.fromNanos() > limitNanos)
                .filter(span -> excused.stream().noneMatch(span::overlaps))
                .findFirst()
                .map(span -> "the guest was paused for " + (span.toNanos() - span.fromNanos()) / 1_000_000
                        + " ms, where " + limitNanos / 1_000_000 + " are the most");
    }
}
