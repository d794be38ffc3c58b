package io.lull.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the guest's output waits for its commit. */
public enum GateChoice {
    /** In the worker: QEMU hands every frame over, by its filter-redirector. */
    @JsonProperty("redirector")
    REDIRECTOR(true),
    /** In QEMU, in filter-buffers that the worker puts in and takes out. */
    @JsonProperty("filter-buffer")
    FILTER_BUFFER(false);

    private final boolean seesFrames;

    GateChoice(boolean seesFrames) {
        this.seesFrames = seesFrames;
    }

    /** Whether the worker sees the guest's frames. */
    public boolean seesFrames() {
        return seesFrames;
    }
}
