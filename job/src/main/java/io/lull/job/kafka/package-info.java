/** The job's Kafka sources and sinks; the only package of the job that knows a Kafka class. */
@NullMarked
package io.lull.job.kafka;

import org.jspecify.annotations.NullMarked;
