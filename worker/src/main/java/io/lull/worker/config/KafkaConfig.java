package io.lull.worker.config;

/**
 * How to reach Kafka.
 *
 * @param bootstrap host:port list
 * @param topicPrefix first part of the topics' names
 */
public record KafkaConfig(String bootstrap, String topicPrefix) {
    public KafkaConfig {
        Endpoint.required("kafka.bootstrap", bootstrap);
        Endpoint.required("kafka.topicPrefix", topicPrefix);
    }
}
