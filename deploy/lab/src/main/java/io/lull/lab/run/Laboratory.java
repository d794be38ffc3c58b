package io.lull.lab.run;

import io.lull.lab.run.RunListener.Done;
import io.lull.policy.Checks;
import io.lull.policy.Signal;
import io.lull.policy.rival.Candidate;
import io.lull.policy.sim.Comparison;
import io.lull.policy.sim.RunResult;
import io.lull.policy.sim.Scenario;
import io.lull.policy.sim.Workload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs an experiment by several threads; what it finds depends on the experiment alone, not on their number. */
public final class Laboratory {
    private final Experiment experiment;
    private final BestEpochs bestEpochs = new BestEpochs();

    private Laboratory(Experiment experiment) {
        this.experiment = experiment;
    }

    /** One workload with all its seeds. */
    private record Stand(Workload workload, List<Scenario> scenarios) {
        Set<Signal> missing(Candidate candidate) {
            return scenarios.get(0).missing(candidate);
        }

        RunResult run(Candidate candidate) {
            return RunResult.over(
                    scenarios.stream().map(scenario -> scenario.run(candidate)).toList());
        }

        Optional<RunResult> oracle(Experiment experiment) {
            List<RunResult> found = scenarios.stream()
                    .flatMap(scenario -> scenario.oracle(experiment.targets()).stream())
                    .toList();
            return found.isEmpty() ? Optional.empty() : Optional.of(RunResult.over(found));
        }
    }

    /** Runs all of {@code experiment}; {@code listener} is called from several threads, one at a time. */
    public static Findings run(Experiment experiment, int threads, RunListener listener) throws InterruptedException {
        Checks.positive("threads", threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            return new Laboratory(experiment).run(pool, listener);
        } finally {
            pool.shutdownNow();
        }
    }

    private Findings run(ExecutorService pool, RunListener listener) throws InterruptedException {
        List<Stand> stands = stands(pool);
        List<Callable<RunResult>> runs = new ArrayList<>();
        for (Stand stand : stands) {
            for (Candidate candidate : experiment.candidates()) {
                if (stand.missing(candidate).isEmpty()) {
                    runs.add(() -> bestEpochs.take(stand.run(candidate)));
                }
            }
        }
        List<Callable<Optional<RunResult>>> searches = new ArrayList<>();
        for (Stand stand : experiment.oracle() ? stands : List.<Stand>of()) {
            searches.add(() -> stand.oracle(experiment));
        }
        Counter counter = new Counter(listener, runs.size(), searches.size());
        List<Future<RunResult>> results = submitted(pool, runs, counter::oneMoreRun);
        List<Future<Optional<RunResult>>> found = submitted(pool, searches, counter::oneMoreSearch);
        List<RunResult> done = all(results);
        List<Optional<RunResult>> oracles = all(found);
        Map<String, RunResult> byWorkload = new LinkedHashMap<>();
        List<String> without = new ArrayList<>();
        for (int i = 0; i < oracles.size(); i++) {
            String workload = stands.get(i).workload().name();
            oracles.get(i).ifPresentOrElse(run -> byWorkload.put(workload, run), () -> without.add(workload));
        }
        return new Findings(experiment, new Comparison(bestEpochs.restore(done), byWorkload), leftOut(stands), without);
    }

    private List<Stand> stands(ExecutorService pool) throws InterruptedException {
        List<Callable<Stand>> jobs = new ArrayList<>();
        for (Workload workload : experiment.workloads()) {
            jobs.add(() -> new Stand(
                    workload,
                    experiment.seeds().stream()
                            .map(seed -> new Scenario(workload, experiment.cost(), experiment.settings(), seed))
                            .toList()));
        }
        return all(submitted(pool, jobs, () -> {}));
    }

    private List<String> leftOut(List<Stand> stands) {
        Map<String, List<String>> workloads = new LinkedHashMap<>();
        for (Candidate candidate : experiment.candidates()) {
            for (Stand stand : stands) {
                Set<Signal> missing = stand.missing(candidate);
                List<String> names = workloads.computeIfAbsent(
                        candidate.policy() + " is left out, it needs " + missing, key -> new ArrayList<>());
                String name = stand.workload().name();
                if (!missing.isEmpty() && !names.contains(name)) {
                    names.add(name);
                }
            }
        }
        List<String> lines = new ArrayList<>();
        workloads.forEach((words, names) -> {
            if (!names.isEmpty()) {
                String where = names.size() == stands.size() ? "any workload" : String.join(", ", names);
                lines.add(words + ", which can't be measured on " + where);
            }
        });
        return lines;
    }

    private static <T> List<Future<T>> submitted(ExecutorService pool, List<Callable<T>> jobs, Runnable afterEach) {
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> job : jobs) {
            futures.add(pool.submit(() -> {
                T result = job.call();
                afterEach.run();
                return result;
            }));
        }
        return futures;
    }

    private static <T> List<T> all(List<Future<T>> futures) throws InterruptedException {
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

    /** How much is done. */
    private static final class Counter {
        private final RunListener listener;
        private Done done;

        Counter(RunListener listener, int runs, int searches) {
            this.listener = listener;
            done = new Done(0, runs, 0, searches);
        }

        synchronized void oneMoreRun() {
            done = new Done(done.runs() + 1, done.allRuns(), done.searches(), done.allSearches());
            listener.done(done);
        }

        synchronized void oneMoreSearch() {
            done = new Done(done.runs(), done.allRuns(), done.searches() + 1, done.allSearches());
            listener.done(done);
        }
    }
}
