package io.lull.producer.kafka;

import io.lull.policy.Checks;

/**
 * The bounds of a publisher's queues.
 *
 * @param telemetryQueue samples that wait for the sending thread; one more drops the oldest
 * @param durableWaiting reports, events and intents not yet acknowledged; one more is refused to the caller
 */
public record PublisherLimits(int telemetryQueue, int durableWaiting) {
    /** 8,192 samples; 200,000 durable records (about 80 MB): 80 minutes without Kafka at 40 epochs a second. */
    public static final PublisherLimits DEFAULT = new PublisherLimits(8_192, 200_000);

    public PublisherLimits {
        Checks.positive("telemetryQueue", telemetryQueue);
        Checks.positive("durableWaiting", durableWaiting);
    }
}
