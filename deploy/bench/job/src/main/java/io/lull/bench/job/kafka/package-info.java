/** Broker, relay, load and answers: all that knows a Kafka class. */
@NullMarked
package io.lull.bench.job.kafka;

import org.jspecify.annotations.NullMarked;
