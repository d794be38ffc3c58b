package io.lull.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What pages are compressed with. */
public enum CodecRule {
    /** By what the link carries and what waits for it. */
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("none")
    NONE,
    @JsonProperty("lz4")
    LZ4,
    @JsonProperty("zstd")
    ZSTD
}
