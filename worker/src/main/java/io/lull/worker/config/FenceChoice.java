package io.lull.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who decides which side may release a VM's output when the two can't see each other. */
public enum FenceChoice {
    /** Nobody. */
    @JsonProperty("none")
    NONE,
    /** A topic in Kafka, which both sides ask. */
    @JsonProperty("kafka")
    KAFKA,
    /** Nobody, and a backup takes over all the same. */
    @JsonProperty("unsafe-no-fence")
    UNSAFE_NO_FENCE
}
