package io.lull.policy.lull;

/** The numbers that a plan of {@link LullPolicy} carries. A class with public fields, because Flink keeps it. */
public final class LullNumbers {
    private static final double MOST_RATIO = 1e6;
    private static final double MOST = 1e12;

    public double waitPriceRatio;
    public double averageLossRatio;
    public ServicesNumbers services = new ServicesNumbers();
    public double talkPackets = 1;
    public double saturatedBusyRatio;
    public double nanosPerPacket;
    public double gapNanos;
    public int stuckRequests;
    public double busyRatio;
    public double answeredBusyRatio;
    public double pauseNanos;
    public double pauseNanosPerPage;
    public double slotsPerSecond;
    public double maxHeldNanos = Long.MAX_VALUE / 4;
    public double readyWorkNanos = Readiness.NEVER;
    public double minEpochNanos;
    public double maxEpochNanos = Long.MAX_VALUE / 4;

    /** Age from which an epoch can't release its frames in time. */
    public double fullEpochNanos = Long.MAX_VALUE / 4;

    /** What can be promised when the output delay that is asked for can't; 0 when it can. */
    public double possibleNanos;

    /** The same of the overhead, a share; 0 when what is asked can be kept. */
    public double possibleOverheadRatio;

    /** The same of the bandwidth; 0 when what is asked can be kept. */
    public double possibleBytesPerSecond;

    void set(LullNumbers other) {
        waitPriceRatio = other.waitPriceRatio;
        averageLossRatio = other.averageLossRatio;
        services.set(other.services);
        talkPackets = other.talkPackets;
        saturatedBusyRatio = other.saturatedBusyRatio;
        nanosPerPacket = other.nanosPerPacket;
        gapNanos = other.gapNanos;
        stuckRequests = other.stuckRequests;
        busyRatio = other.busyRatio;
        answeredBusyRatio = other.answeredBusyRatio;
        pauseNanos = other.pauseNanos;
        pauseNanosPerPage = other.pauseNanosPerPage;
        slotsPerSecond = other.slotsPerSecond;
        maxHeldNanos = other.maxHeldNanos;
        readyWorkNanos = other.readyWorkNanos;
        minEpochNanos = other.minEpochNanos;
        maxEpochNanos = other.maxEpochNanos;
        fullEpochNanos = other.fullEpochNanos;
        possibleNanos = other.possibleNanos;
        possibleOverheadRatio = other.possibleOverheadRatio;
        possibleBytesPerSecond = other.possibleBytesPerSecond;
    }

    /** Brings what absurd measurements may have led to into the ranges of a {@link io.lull.policy.WaitRule}. */
    void bound() {
        averageLossRatio = Math.min(MOST_RATIO, averageLossRatio);
        talkPackets = Math.max(1, Math.min(MOST, talkPackets));
        nanosPerPacket = Math.min(MOST, nanosPerPacket);
        gapNanos = Math.min(MOST, gapNanos);
        pauseNanosPerPage = Math.min(MOST, pauseNanosPerPage);
        slotsPerSecond = Math.min(MOST_RATIO, slotsPerSecond);
    }

    /** Whether any number is off by more than {@code ratio} of itself, or by {@code share} where it is a share. */
    boolean differs(LullNumbers other, double ratio, double share) {
        return far(waitPriceRatio, other.waitPriceRatio, ratio)
                || Math.abs(averageLossRatio - other.averageLossRatio) > share
                || services.differs(other.services, 2 * ratio)
                || Math.abs(answeredBusyRatio - other.answeredBusyRatio) > share
                || Math.abs(busyRatio - other.busyRatio) > 0.01
                || far(nanosPerPacket, other.nanosPerPacket, 2 * ratio)
                || far(gapNanos, other.gapNanos, 2 * ratio)
                || stuckRequests != other.stuckRequests
                || far(talkPackets, other.talkPackets, ratio)
                || Math.abs(saturatedBusyRatio - other.saturatedBusyRatio) > 0.05
                || far(pauseNanos, other.pauseNanos, 2 * ratio)
                || far(pauseNanosPerPage, other.pauseNanosPerPage, 2 * ratio)
                || far(slotsPerSecond, other.slotsPerSecond, 5 * ratio)
                || far(maxHeldNanos, other.maxHeldNanos, ratio / 2)
                || far(readyWorkNanos, other.readyWorkNanos, 2 * ratio)
                || far(minEpochNanos, other.minEpochNanos, ratio)
                || far(maxEpochNanos, other.maxEpochNanos, ratio)
                || far(possibleNanos, other.possibleNanos, ratio)
                || far(possibleOverheadRatio, other.possibleOverheadRatio, ratio)
                || far(possibleBytesPerSecond, other.possibleBytesPerSecond, ratio);
    }

    private static boolean far(double one, double other, double ratio) {
        return Math.abs(one - other) > ratio * Math.max(Math.abs(one), Math.abs(other));
    }
}
