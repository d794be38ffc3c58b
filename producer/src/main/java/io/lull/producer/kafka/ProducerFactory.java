package io.lull.producer.kafka;

import org.apache.kafka.clients.producer.Producer;

/** Makes a Kafka producer; a lane closes the one it has before it makes another. */
@FunctionalInterface
interface ProducerFactory {
    Producer<byte[], byte[]> create();
}
