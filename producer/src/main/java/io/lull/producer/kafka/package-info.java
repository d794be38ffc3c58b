/** The way to Kafka: connection settings, the publisher of what a host measures, creation and check of the topics. */
@NullMarked
package io.lull.producer.kafka;

import org.jspecify.annotations.NullMarked;
