package io.lull.worker.record;

import io.lull.policy.Decision;
import io.lull.policy.signal.EpochReport;
import io.lull.worker.record.Explanation.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joins epoch reports with the decisions behind them, by the decision's id. */
public final class Explanations {
    private Explanations() {}

    /** Of the epochs that are meant, oldest first; all of one VM. */
    public static List<Explanation> of(List<EpochReport> reports, List<Decision> decisions, EpochChoice choice) {
        Map<Long, Decision> byId = new HashMap<>();
        decisions.forEach(decision -> byId.put(decision.decisionId(), decision));
        return choice.of(reports).stream()
                .map(report -> explain(report, Optional.ofNullable(byId.get(report.decisionId()))))
                .toList();
    }

    /** Of a recording, which holds no decisions. */
    public static List<Explanation> ofReportsAlone(List<EpochReport> reports, EpochChoice choice) {
        return choice.of(reports).stream()
                .map(report -> new Explanation(
                        report, report.decisionId() == 0 ? Source.WORKER : Source.NOT_READ, Optional.empty()))
                .toList();
    }

    private static Explanation explain(EpochReport report, Optional<Decision> found) {
        if (report.decisionId() == 0) {
            return new Explanation(report, Source.WORKER, Optional.empty());
        }
        return new Explanation(report, found.isPresent() ? Source.DECISION : Source.NOT_FOUND, found);
    }
}
