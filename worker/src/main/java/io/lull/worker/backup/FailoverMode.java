package io.lull.worker.backup;

/** Who decides to take over. */
public enum FailoverMode {
    /** The backup, as soon as it believes the primary dead and {@link FailoverRule} lets it. */
    AUTO,
    /** Only an operator. */
    MANUAL
}
