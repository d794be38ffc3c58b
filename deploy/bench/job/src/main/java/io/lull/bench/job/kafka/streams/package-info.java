/** Kafka Streams with the windows and decisions of the job. */
@NullMarked
package io.lull.bench.job.kafka.streams;

import org.jspecify.annotations.NullMarked;
