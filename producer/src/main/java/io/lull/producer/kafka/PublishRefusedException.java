package io.lull.producer.kafka;

import java.io.Serial;

/** Says that a record was not taken, because the limit of records that wait for Kafka is reached. */
public final class PublishRefusedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    PublishRefusedException(String topic, long limit, String servers) {
        super("a record for " + topic + " was refused: " + limit + " records wait for Kafka at " + servers
                + " already; bring Kafka back, or raise the limit");
    }
}
