package io.lull.lab.run;

import io.lull.policy.Checks;
import io.lull.policy.Signal;
import io.lull.policy.rival.Candidate;
import io.lull.policy.sim.Bench;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs an experiment by several threads; what it finds depends on the experiment alone, not on their number. */
public final class Laboratory {
    /** How much of a run the oracle looks through; where the load changes over seconds its score is of another stretch. */
    private static final long ORACLE_NANOS = 2_000_000_000L;

    private final Experiment experiment;
    private final RunListener listener;
    private final BestEpochs bestEpochs = new BestEpochs();
    private final List<String> leftOut = new ArrayList<>();

    private Laboratory(Experiment experiment, RunListener listener) {
        this.experiment = experiment;
        this.listener = listener;
    }

    /** Runs all of {@code experiment}; {@code listener} is called from several threads, one at a time. */
    public static Findings run(Experiment experiment, int threads, RunListener listener) throws InterruptedException {
        Checks.positive("threads", threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            return new Laboratory(experiment, listener).run(pool);
        } finally {
            pool.shutdownNow();
        }
    }

    private Findings run(ExecutorService pool) throws InterruptedException {
        List<Bench> benches = all(
                pool,
                experiment.workloads().stream()
                        .<Callable<Bench>>map(workload ->
                                () -> new Bench(workload, experiment.cost(), experiment.settings(), experiment.seed()))
                        .toList());
        List<Callable<RunResult>> runs = new ArrayList<>();
        for (Bench bench : benches) {
            for (Candidate candidate : experiment.candidates()) {
                if (bench.missing(candidate).isEmpty()) {
                    runs.add(() -> bestEpochs.take(bench.run(candidate)));
                }
            }
        }
        noteLeftOut(benches);
        List<Callable<Double>> searches = new ArrayList<>();
        long targetNanos = experiment.targets().outputDelayP99Nanos().orElse(Long.MAX_VALUE);
        for (Bench bench : experiment.oracle() ? benches : List.<Bench>of()) {
            searches.add(() -> bench.oracleScore(targetNanos, ORACLE_NANOS));
        }
        Counter counter = new Counter(runs.size() + searches.size());
        List<RunResult> results = all(pool, counted(runs, counter));
        List<Double> scores = all(pool, counted(searches, counter));
        Map<String, Double> oracleScores = new LinkedHashMap<>();
        for (int i = 0; i < scores.size(); i++) {
            oracleScores.put(benches.get(i).workload().name(), scores.get(i));
        }
        return new Findings(experiment, new Comparison(bestEpochs.restore(results), oracleScores), leftOut);
    }

    private void noteLeftOut(List<Bench> benches) {
        Map<String, List<String>> workloads = new LinkedHashMap<>();
        for (Candidate candidate : experiment.candidates()) {
            for (Bench bench : benches) {
                Set<Signal> missing = bench.missing(candidate);
                List<String> names = workloads.computeIfAbsent(
                        candidate.policy() + " is left out, it needs " + missing, key -> new ArrayList<>());
                String name = bench.workload().name();
                if (!missing.isEmpty() && !names.contains(name)) {
                    names.add(name);
                }
            }
        }
        workloads.forEach((words, names) -> {
            if (!names.isEmpty()) {
                String where = names.size() == benches.size() ? "any workload" : String.join(", ", names);
                leftOut.add(words + ", which can't be measured on " + where);
            }
        });
    }

    private <T> List<Callable<T>> counted(List<Callable<T>> jobs, Counter counter) {
        return jobs.stream()
                .<Callable<T>>map(job -> () -> {
                    T result = job.call();
                    counter.oneMore(listener);
                    return result;
                })
                .toList();
    }

    private static <T> List<T> all(ExecutorService pool, List<Callable<T>> jobs) throws InterruptedException {
        List<Future<T>> futures = new ArrayList<>();
        jobs.forEach(job -> futures.add(pool.submit(job)));
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a simulated run failed: " + e.getCause(), e.getCause());
            }
        }
        return results;
    }

    /** How many runs are done. */
    private static final class Counter {
        private final int total;
        private int done;

        Counter(int total) {
            this.total = total;
        }

        synchronized void oneMore(RunListener listener) {
            done++;
            listener.done(done, total);
        }
    }
}
