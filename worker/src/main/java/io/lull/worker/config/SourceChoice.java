package io.lull.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the VM is captured. */
public enum SourceChoice {
    /** By COLO where nothing is against it, else from shared memory where that can be. */
    @JsonProperty("auto")
    AUTO,
    /** By QEMU's COLO, or not at all. */
    @JsonProperty("colo")
    COLO,
    /** By comparing the guest's memory in a shared file, or not at all. */
    @JsonProperty("shared-memory")
    SHARED_MEMORY
}
