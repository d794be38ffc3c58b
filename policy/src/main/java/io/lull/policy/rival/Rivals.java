package io.lull.policy.rival;

import io.lull.policy.Objectives;
import io.lull.policy.daly.YoungDalyPolicy;
import io.lull.policy.daly.YoungDalySettings;
import io.lull.policy.gerofi.WorkloadAdaptivePolicy;
import io.lull.policy.gerofi.WorkloadAdaptiveSettings;
import io.lull.policy.kemari.OnOutputPolicy;
import io.lull.policy.mc.MicroCheckpointPolicy;
import io.lull.policy.mc.MicroCheckpointSettings;
import io.lull.policy.orbit.OrbitHybridPolicy;
import io.lull.policy.orbit.OrbitHybridSettings;
import io.lull.policy.plover.IdleSlotPolicy;
import io.lull.policy.plover.PloverReleasedPolicy;
import io.lull.policy.plover.PloverReleasedSettings;
import io.lull.policy.remus.AdaptiveRemusPolicy;
import io.lull.policy.remus.AdaptiveRemusSettings;
import io.lull.policy.remus.FixedIntervalPolicy;
import io.lull.policy.watermark.DirtyWatermarkPolicy;
import io.lull.policy.watermark.DirtyWatermarkSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * The rivals in all settings in which they are compared, so that a comparison is with the best setting of each and not
 * with a straw man.
 *
 * <p>Published constants stand as they are; what the sources leave open is swept over the lists of {@code papers.md}, and
 * further down where a smaller value may do better. A candidate whose policy needs a signal that is not there
 * ({@link io.lull.policy.CheckpointPolicy#requires()}; {@code orbit.hybrid} needs an executing backup) is for the caller
 * to leave out.
 */
public final class Rivals {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LONG_T_MAX_MILLIS = 100;

    private Rivals() {}

    /** All rivals in all settings; placement and targets are those of {@code base}. */
    public static List<Candidate> sweep(Objectives base) {
        List<Candidate> all = new ArrayList<>();
        addFixed(all, base);
        addAdaptiveRemus(all, base);
        addGerofi(all, base);
        addPlover(all, base);
        addWatermark(all, base);
        addOthers(all, base);
        return List.copyOf(all);
    }

    /** All settings of the rival {@code policy}, with default objectives; refuses a name that no rival has. */
    public static List<Candidate> named(String policy) {
        return named(policy, Objectives.DEFAULT);
    }

    /** All settings of the rival {@code policy}; refuses a name that no rival has. */
    public static List<Candidate> named(String policy, Objectives base) {
        List<Candidate> all = sweep(base);
        List<Candidate> found = all.stream()
                .filter(candidate -> candidate.policy().equals(policy))
                .toList();
        if (found.isEmpty()) {
            List<String> known = all.stream().map(Candidate::policy).distinct().toList();
            throw new IllegalArgumentException(
                    "no rival is named '" + policy + "'; known are " + String.join(", ", known));
        }
        return found;
    }

    private static void addFixed(List<Candidate> all, Objectives base) {
        FixedIntervalPolicy policy = new FixedIntervalPolicy();
        for (long millis : new long[] {3, 5, 7, 10, 15, 20, 25, 33, 50, 100, 200, 400}) {
            long intervalNanos = millis * NANOS_PER_MILLI;
            Objectives objectives =
                    new Objectives(intervalNanos, base.maxEpochNanos(), base.placement(), base.targets());
            all.add(new Candidate(policy.name(), "T " + millis + " ms", policy, objectives));
        }
    }

    private static void addAdaptiveRemus(List<Candidate> all, Objectives base) {
        for (long network : new long[] {5, 10, 25, 40}) {
            // 5 ms is ours: the shortest interval with the middle one of the long ones is enough to see whether it
            // wins.
            long[] processingMillis = network == 5 ? new long[] {100} : new long[] {100, 200, 400};
            for (long processing : processingMillis) {
                for (double high : new double[] {10, 100, 1000}) {
                    for (long window : new long[] {100, 1000}) {
                        all.add(adaptiveRemus(network, processing, high, window, base));
                    }
                }
            }
        }
    }

    private static Candidate adaptiveRemus(
            long networkMillis, long processingMillis, double high, long windowMillis, Objectives base) {
        AdaptiveRemusSettings settings = new AdaptiveRemusSettings(
                networkMillis * NANOS_PER_MILLI,
                processingMillis * NANOS_PER_MILLI,
                high,
                high / 2,
                windowMillis * NANOS_PER_MILLI,
                AdaptiveRemusSettings.DEFAULT.holdWindows());
        String words = "T_net " + networkMillis + " ms, T_proc " + processingMillis + " ms, " + Math.round(high)
                + " packets/s, window " + windowMillis + " ms";
        return new Candidate(AdaptiveRemusPolicy.NAME, words, new AdaptiveRemusPolicy(settings), base);
    }

    private static void addGerofi(List<Candidate> all, Objectives base) {
        for (double pace : new double[] {0.5, 1, 2}) {
            for (long outputs : new long[] {1, 8, 64}) {
                for (long maxMillis : new long[] {50, 100, 200}) {
                    all.add(gerofi(5, maxMillis, pace, outputs, base));
                }
            }
            // Where any output counts, T_min is what keeps checkpoints apart on a fast link; 2 ms is ours.
            all.add(gerofi(2, 100, pace, 1, base));
        }
    }

    private static Candidate gerofi(long minMillis, long maxMillis, double pace, long outputs, Objectives base) {
        WorkloadAdaptiveSettings settings = new WorkloadAdaptiveSettings(
                minMillis * NANOS_PER_MILLI, maxMillis * NANOS_PER_MILLI, pace, outputs, outputs);
        String words =
                "pace " + pace + ", " + outputs + " outputs, T_min " + minMillis + " ms, T_max " + maxMillis + " ms";
        return new Candidate(WorkloadAdaptivePolicy.NAME, words, new WorkloadAdaptivePolicy(settings), base);
    }

    private static void addPlover(List<Candidate> all, Objectives base) {
        IdleSlotPolicy policy = new IdleSlotPolicy();
        for (long millis : new long[] {5, 10, 20, 25, 50, 100, 200, 500}) {
            all.add(new Candidate(policy.name(), "T_max " + millis + " ms", policy, longest(millis, base)));
        }
        all.add(new Candidate(
                PloverReleasedPolicy.NAME,
                "as released, without T_max",
                new PloverReleasedPolicy(PloverReleasedSettings.DEFAULT),
                base));
    }

    private static void addWatermark(List<Candidate> all, Objectives base) {
        for (long millis : new long[] {10, 25, 50}) {
            DirtyWatermarkSettings settings = DirtyWatermarkSettings.learned(millis * NANOS_PER_MILLI);
            all.add(watermark("pages that ship in " + millis + " ms", settings, base));
        }
        for (long pages : new long[] {256, 1024, 4096}) {
            all.add(watermark(pages + " pages", DirtyWatermarkSettings.fixed(pages), base));
        }
    }

    private static Candidate watermark(String words, DirtyWatermarkSettings settings, Objectives base) {
        DirtyWatermarkPolicy policy = new DirtyWatermarkPolicy(settings);
        Objectives objectives = longest(LONG_T_MAX_MILLIS, base);
        return new Candidate(policy.name(), words + ", T_max " + LONG_T_MAX_MILLIS + " ms", policy, objectives);
    }

    private static void addOthers(List<Candidate> all, Objectives base) {
        for (long millis : new long[] {10, 25, 100}) {
            MicroCheckpointSettings settings = new MicroCheckpointSettings(millis * NANOS_PER_MILLI);
            all.add(new Candidate(
                    MicroCheckpointPolicy.NAME, "freq " + millis + " ms", new MicroCheckpointPolicy(settings), base));
        }
        Objectives objectives = longest(LONG_T_MAX_MILLIS, base);
        String bound = "T_max " + LONG_T_MAX_MILLIS + " ms";
        all.add(new Candidate(OnOutputPolicy.NAME, "any output, " + bound, new OnOutputPolicy(), objectives));
        all.add(new Candidate(
                YoungDalyPolicy.NAME,
                "a failure a year, " + bound,
                new YoungDalyPolicy(YoungDalySettings.DEFAULT),
                objectives));
        all.add(new Candidate(
                OrbitHybridPolicy.NAME, "as released", new OrbitHybridPolicy(OrbitHybridSettings.DEFAULT), base));
    }

    private static Objectives longest(long maxMillis, Objectives base) {
        return new Objectives(base.intervalNanos(), maxMillis * NANOS_PER_MILLI, base.placement(), base.targets());
    }
}
