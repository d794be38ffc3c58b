package io.lull.worker.config;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the worker remembers what it sent. */
public enum ShadowKind {
    /** A copy of all of the guest's memory: every dirty page is sent as its changed words. */
    @JsonProperty("full")
    FULL,
    /** Page hashes, and copies of the pages that were dirty lately; the other dirty pages are sent whole. */
    @JsonProperty("lean")
    LEAN
}
