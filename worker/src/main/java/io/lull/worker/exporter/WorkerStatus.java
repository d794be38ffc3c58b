package io.lull.worker.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import io.lull.policy.VmId;
import io.lull.worker.exporter.WorkerMetric.Sample;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker says of itself, as far as Prometheus is told.
 *
 * @param vm whose worker it is
 * @param role which side of it
 * @param samples what is known
 */
record WorkerStatus(VmId vm, Role role, Map<WorkerMetric, Sample> samples) {
    /** Which side of a VM a worker is. */
    enum Role {
        PRIMARY("primary"),
        BACKUP("backup");

        private final String label;

        Role(String label) {
            this.label = label;
        }

        /** The name in labels. */
        String label() {
            return label;
        }
    }

    WorkerStatus {
        samples = Collections.unmodifiableMap(new EnumMap<>(samples));
    }

    /** What stands in a status document; empty when it is none of a worker. */
    static Optional<WorkerStatus> in(JsonNode document) {
        VmId vm;
        try {
            vm = new VmId(document.path("vm").asText());
        } catch (IllegalArgumentException noVm) {
            return Optional.empty();
        }
        // A backup says that it is one.
        Role role = document.path("role").asText().equals(Role.BACKUP.label()) ? Role.BACKUP : Role.PRIMARY;
        Map<WorkerMetric, Sample> samples = new EnumMap<>(WorkerMetric.class);
        for (WorkerMetric metric : WorkerMetric.values()) {
            if (metric.roles().contains(role)) {
                metric.in(document).ifPresent(sample -> samples.put(metric, sample));
            }
        }
        return Optional.of(new WorkerStatus(vm, role, samples));
    }
}
