/** The load: which samples, and when they are due. Knows neither Kafka nor Flink. */
@NullMarked
package io.lull.bench.job.load;

import org.jspecify.annotations.NullMarked;
