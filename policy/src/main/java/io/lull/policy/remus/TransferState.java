package io.lull.policy.remus;

/** What {@link TransferFit} has learned of a VM's link. A class with public fields, because Flink keeps it as state. */
public final class TransferState {
    /** Sum of the weights of all reports. */
    public double weight;

    /** Weighted sum of their dirty pages. */
    public double pagesSum;

    /** Weighted sum of their transfer times. */
    public double nanosSum;

    /** Weighted sum of pages squared. */
    public double pagesSquaredSum;

    /** Weighted sum of pages times time. */
    public double pagesNanosSum;

    /** Time to ship an epoch without a dirty page, as plans have it. */
    public long transferNanos = TransferFit.REMUS_TRANSFER_NANOS;

    /** Time that each dirty page adds, as plans have it. */
    public double transferNanosPerPage = TransferFit.REMUS_TRANSFER_NANOS_PER_PAGE;
}
