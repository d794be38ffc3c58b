package io.lull.policy.orbit;

import io.lull.policy.Checks;

/**
 * The constants of {@link OrbitHybridPolicy}; the default is the source's.
 *
 * @param minEpochNanos no divergence ends an epoch before
 * @param activeNanos longest epoch while the backup executes
 * @param passiveNanos length of an epoch while it does not
 * @param oftenNanos a mean epoch below this diverges too often
 * @param keptRatio how much of the mean each epoch leaves, 0..1
 * @param judgedEpochs epochs before the mean counts; at least 1
 * @param passiveEpochs how many epochs the passive mode lasts; at least 1
 */
public record OrbitHybridSettings(
        long minEpochNanos,
        long activeNanos,
        long passiveNanos,
        long oftenNanos,
        double keptRatio,
        int judgedEpochs,
        int passiveEpochs) {
    /** 3 ms, 10 s, 250 ms, 400 ms, 0.7, 5 epochs, 100 epochs. */
    public static final OrbitHybridSettings DEFAULT =
            new OrbitHybridSettings(3_000_000, 10_000_000_000L, 250_000_000, 400_000_000, 0.7, 5, 100);

    public OrbitHybridSettings {
        Checks.notNegative("minEpochNanos", minEpochNanos);
        Checks.positive("activeNanos", activeNanos);
        Checks.positive("passiveNanos", passiveNanos);
        Checks.positive("oftenNanos", oftenNanos);
        Checks.within("keptRatio", keptRatio, 0, 1);
        Checks.positive("judgedEpochs", judgedEpochs);
        Checks.positive("passiveEpochs", passiveEpochs);
    }
}
