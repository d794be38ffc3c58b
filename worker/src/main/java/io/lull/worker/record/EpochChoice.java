package io.lull.worker.record;

import io.lull.policy.Checks;
import io.lull.policy.signal.EpochReport;
import java.util.Comparator;
import java.util.List;

/** Which epochs to explain. */
public sealed interface EpochChoice {
    /** The reports that are meant, oldest first. */
    List<EpochReport> of(List<EpochReport> reports);

    /** The epoch of this number; where a VM had several sessions, its newest. */
    record Numbered(long epoch) implements EpochChoice {
        public Numbered {
            Checks.positive("epoch", epoch);
        }

        @Override
        public List<EpochReport> of(List<EpochReport> reports) {
            return reports.stream()
                    .filter(report -> report.epoch() == epoch)
                    .max(BY_TIME)
                    .map(List::of)
                    .orElse(List.of());
        }
    }

    /** The newest so many. */
    record Last(int epochs) implements EpochChoice {
        public Last {
            Checks.positive("number of epochs", epochs);
        }

        @Override
        public List<EpochReport> of(List<EpochReport> reports) {
            List<EpochReport> inOrder = reports.stream().sorted(BY_TIME).toList();
            return inOrder.subList(Math.max(0, inOrder.size() - epochs), inOrder.size());
        }
    }

    /** By the time at which they ended. */
    Comparator<EpochReport> BY_TIME =
            Comparator.comparingLong(EpochReport::endedAtMicros).thenComparingLong(EpochReport::epoch);
}
