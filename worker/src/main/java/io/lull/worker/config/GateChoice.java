package io.lull.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the guest's output waits for its commit. */
public enum GateChoice {
    /** In the worker: QEMU hands every frame over, by its filter-redirector. */
    @JsonProperty("redirector")
    REDIRECTOR(true, true),
    /** In QEMU, in filter-buffers that the worker puts in and takes out. */
    @JsonProperty("filter-buffer")
    FILTER_BUFFER(false, true),
    /** In Linux, in queues behind the VM's TAP. */
    @JsonProperty("plug")
    PLUG(false, false);

    private final boolean seesFrames;
    private final boolean releasesThroughQemu;

    GateChoice(boolean seesFrames, boolean releasesThroughQemu) {
        this.seesFrames = seesFrames;
        this.releasesThroughQemu = releasesThroughQemu;
    }

    /** Whether the worker sees the guest's frames. */
    public boolean seesFrames() {
        return seesFrames;
    }

    /**
     * Whether frames that were let go have QEMU before them, which keeps them while its guest is paused. What QEMU keeps before
     * a gate that stands behind it is held there, whenever it comes.
     */
    public boolean releasesThroughQemu() {
        return releasesThroughQemu;
    }
}
