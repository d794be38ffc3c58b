package io.lull.bench.fuzz;

import io.lull.bench.fuzz.parser.Conversation;
import io.lull.bench.fuzz.parser.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Mutated inputs for some targets on some threads. They come in lots, each with a seed of its own, and after each lot the
 * target must still handle valid input.
 */
final class Campaign {
    /** Inputs of a lot. */
    static final int LOT_INPUTS = 2_000;

    /** A campaign that has found so many violations ends. */
    static final int MOST_VIOLATIONS = 20;

    private final Settings settings;
    private final Queue<Lot> lots = new ConcurrentLinkedQueue<>();
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private final AtomicInteger folders = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch working;
    private volatile boolean stopped;

    /**
     * How a campaign goes.
     *
     * @param folder where targets keep files
     */
    record Settings(long seed, int threads, long hangLimitNanos, Path folder) {}

    /** Inputs of one target that belong together. */
    private record Lot(Subject subject, long number, int inputs) {
        long seed(long campaign) {
            return (campaign * 31 + subject.name().hashCode()) * 0x9E3779B97F4A7C15L + number;
        }
    }

    /** A target in use by one thread. */
    private record Open(Target target, List<Conversation> corpus, Trial trial) {}

    /** What came of a campaign. */
    record Result(Map<String, Tally> tallies, List<Violation> violations, long wallNanos) {
        long inputs() {
            return tallies.values().stream().mapToLong(Tally::inputs).sum();
        }
    }

    Campaign(Settings settings, List<Subject> subjects) {
        this.settings = settings;
        this.working = new CountDownLatch(settings.threads());
        subjects.forEach(subject -> tallies.put(subject.name(), new Tally()));
        long longest = subjects.stream().mapToLong(Subject::inputs).max().orElse(0);
        // In turns, so that a campaign that is cut short has tried all of them.
        for (long number = 0; number * LOT_INPUTS < longest; number++) {
            for (Subject subject : subjects) {
                long left = subject.inputs() - number * LOT_INPUTS;
                if (left > 0) {
                    lots.add(new Lot(subject, number, (int) Math.min(LOT_INPUTS, left)));
                }
            }
        }
    }

    /** Leaves out all lots but those of this number. */
    void only(long number) {
        lots.removeIf(lot -> lot.number() != number);
    }

    /** Runs all lots; returns early when an input hangs, or when enough was found. */
    Result run() throws InterruptedException {
        long beganNanos = System.nanoTime();
        try (HangWatch watch = new HangWatch(settings.hangLimitNanos(), this::found)) {
            for (int i = 0; i < settings.threads(); i++) {
                Thread thread = new Thread(() -> work(watch), "fuzz-" + i);
                thread.setDaemon(true);
                thread.start();
            }
            Thread waiter = new Thread(this::awaitWorkers, "fuzz-waiter");
            waiter.setDaemon(true);
            waiter.start();
            over.await();
        }
        synchronized (this) {
            return new Result(tallies, List.copyOf(violations), System.nanoTime() - beganNanos);
        }
    }

    private void awaitWorkers() {
        try {
            working.await();
            over.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(HangWatch watch) {
        Map<String, Open> opened = new LinkedHashMap<>();
        HangWatch.Seat seat = watch.seat();
        try {
            Lot lot = lots.poll();
            while (lot != null && !stopped) {
                Open open = opened.get(lot.subject().name());
                if (open == null) {
                    open = open(lot.subject(), seat);
                    opened.put(lot.subject().name(), open);
                }
                run(lot, open);
                lot = lots.poll();
            }
            for (Open each : opened.values()) {
                each.target().close();
            }
        } catch (Throwable thrown) {
            found(new Violation(
                    Violation.Kind.HARM, "campaign", "the fuzzer itself failed: " + Trial.trace(thrown), new byte[0]));
            stopped = true;
        } finally {
            working.countDown();
        }
    }

    /** Opens a target and shows that its corpus is valid, which also loads what it needs. */
    private Open open(Subject subject, HangWatch.Seat seat) throws Exception {
        Path folder = settings.folder().resolve(subject.name() + "-" + folders.getAndIncrement());
        Target target = subject.opener().open(Files.createDirectories(folder));
        List<Conversation> corpus = target.corpus();
        for (int round = 0; round < 2; round++) {
            for (Conversation valid : corpus) {
                target.run(valid.bytes());
            }
        }
        target.checkUnharmed();
        return new Open(target, corpus, new Trial(subject.name(), target, seat));
    }

    private void run(Lot lot, Open open) {
        long beganNanos = System.nanoTime();
        Tally mine = new Tally();
        Mutator mutator = new Mutator(lot.seed(settings.seed()));
        byte[] input = new byte[0];
        for (int i = 0; i < lot.inputs() && !stopped; i++) {
            input = mutator.next(open.target(), open.corpus());
            mine.input(input);
            open.trial().of(input).ifPresent(this::found);
        }
        harm(lot, open.target(), input).ifPresent(this::found);
        synchronized (this) {
            Tally all = tallies.get(lot.subject().name());
            if (all != null) {
                all.add(mine, System.nanoTime() - beganNanos);
                all.add(open.trial().seen());
            }
        }
    }

    private static Optional<Violation> harm(Lot lot, Target target, byte[] last) {
        try {
            target.checkUnharmed();
            return Optional.empty();
        } catch (Throwable thrown) {
            return Optional.of(new Violation(
                    Violation.Kind.HARM,
                    lot.subject().name(),
                    "after lot " + lot.number() + ": " + Trial.trace(thrown),
                    last));
        }
    }

    private synchronized void found(Violation violation) {
        violations.add(violation);
        if (violation.kind() == Violation.Kind.HANG) {
            stopped = true;
            over.countDown();
        }
        stopped |= violations.size() >= MOST_VIOLATIONS;
    }

    /** Gives a target one input, for a finding that is to be repeated. */
    static Optional<Violation> repeat(Subject subject, byte[] input, Settings settings) throws Exception {
        List<Violation> hangs = new ArrayList<>();
        try (HangWatch watch = new HangWatch(settings.hangLimitNanos(), hangs::add)) {
            Campaign campaign = new Campaign(settings, List.of(subject));
            Open open = campaign.open(subject, watch.seat());
            Optional<Violation> violation = open.trial().of(input);
            return violation.isPresent() ? violation : harm(new Lot(subject, 0, 1), open.target(), input);
        } catch (IOException e) {
            throw new IOException("cannot open " + subject.name() + ": " + e.getMessage(), e);
        }
    }
}
