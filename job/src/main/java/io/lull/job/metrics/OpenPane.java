package io.lull.job.metrics;

/**
 * A pane to which records may still come: its sums so far, and the entries that its idle slots and the dirty curve are
 * worked out from, in order, once no more can come. Kept by Flink.
 */
public final class OpenPane {
    /** The sums as {@link PanePacker} packs them; empty for the newest pane, whose sums stand open. */
    public byte[] sums = {};

    /** See {@link SampleEntries}. */
    public EntryLog samples = new EntryLog();

    /** See {@link ReportEntries}. */
    public EntryLog reports = new EntryLog();

    /** An empty one, of today's format. */
    static OpenPane begun() {
        OpenPane pane = new OpenPane();
        pane.samples = EntryLog.begun();
        pane.reports = EntryLog.begun();
        return pane;
    }

    int logBytes() {
        return samples.length + reports.length;
    }
}
