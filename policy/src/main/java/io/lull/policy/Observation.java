package io.lull.policy;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import java.util.List;

/**
 * What a policy sees at a step: the samples and epoch reports since the step before, oldest first.
 *
 * @param samples may be empty
 * @param reports may be empty
 */
public record Observation(List<VmSample> samples, List<EpochReport> reports) {
    /** Nothing happened. */
    public static final Observation NONE = new Observation(List.of(), List.of());

    public Observation {
        samples = List.copyOf(samples);
        reports = List.copyOf(reports);
    }
}
