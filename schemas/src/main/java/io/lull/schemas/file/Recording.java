package io.lull.schemas.file;

import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import java.util.List;

/**
 * What was recorded of one VM.
 *
 * @param samples in the order in which they came
 * @param reports in the order in which they came
 */
public record Recording(List<VmSample> samples, List<EpochReport> reports) {
    public Recording {
        samples = List.copyOf(samples);
        reports = List.copyOf(reports);
    }
}
