package io.lull.worker.config;

/**
 * How to reach Kafka.
 *
 * @param bootstrap host:port list
 * @param topicPrefix first part of the topics' names
 * @param clientProperties a file of further settings of every Kafka client ({@link ClientProperties}); empty for none
 */
public record KafkaConfig(String bootstrap, String topicPrefix, String clientProperties) {
    public KafkaConfig {
        Endpoint.required("kafka.bootstrap", bootstrap);
        Endpoint.required("kafka.topicPrefix", topicPrefix);
    }
}
