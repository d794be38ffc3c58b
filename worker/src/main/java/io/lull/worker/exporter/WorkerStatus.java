package io.lull.worker.exporter;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a worker answered when it was asked how it is.
 *
 * @param runDir the worker's folder
 * @param document its status; empty when it didn't answer in time, or with something else
 */
record WorkerStatus(Path runDir, Optional<JsonNode> document) {
    /** Which side of a VM a worker is. */
    enum Role {
        PRIMARY,
        BACKUP;

        /** The name in labels. */
        String label() {
            return this == PRIMARY ? "primary" : "backup";
        }
    }

    /** A backup says that it is one. */
    static Role role(JsonNode document) {
        return document.path("role").asText().equals(Role.BACKUP.label()) ? Role.BACKUP : Role.PRIMARY;
    }
}
