package io.lull.producer.kafka;

/**
 * What became of the records handed to a publisher since it began.
 *
 * @param telemetrySent samples, or batches of them, that Kafka acknowledged
 * @param telemetryDroppedFull samples dropped, oldest first, because the queue was full
 * @param telemetryDroppedOld samples dropped because they had waited too long
 * @param telemetryDroppedFailed samples that Kafka didn't take in time, or at all
 * @param durableSent reports, events and intents that Kafka acknowledged
 * @param durableWaiting of them, those not yet acknowledged
 * @param durableRefused of them, those refused to the caller because too many were waiting
 * @param durableLost of them, those that Kafka refuses for good; each was told to the alarm
 */
public record PublisherStats(
        long telemetrySent,
        long telemetryDroppedFull,
        long telemetryDroppedOld,
        long telemetryDroppedFailed,
        long durableSent,
        long durableWaiting,
        long durableRefused,
        long durableLost) {
    /** All samples dropped, whatever the cause. */
    public long telemetryDropped() {
        return telemetryDroppedFull + telemetryDroppedOld + telemetryDroppedFailed;
    }
}
