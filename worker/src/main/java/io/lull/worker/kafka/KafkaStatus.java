package io.lull.worker.kafka;

/**
 * What {@code lull status} shows of a worker's Kafka.
 *
 * @param droppedSamples telemetry that did not get out in time
 * @param waitingReports reports and events that Kafka has not acknowledged yet
 * @param lostReports reports and events that were given up: too many waited, or Kafka refused them for good
 * @param rejectedCommands records under this VM's key that are no commands
 */
public record KafkaStatus(long droppedSamples, long waitingReports, long lostReports, long rejectedCommands) {}
