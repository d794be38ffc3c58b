package io.lull.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a primary does when its backup is gone. */
public enum OnBackupLoss {
    /** The guest runs on, and nothing that it says leaves until a backup holds its state again. */
    @JsonProperty("stop-output")
    STOP_OUTPUT,
    /** Output flows: service before safety. A stale backup must then never take over. */
    @JsonProperty("go-on-unprotected")
    GO_ON_UNPROTECTED
}
