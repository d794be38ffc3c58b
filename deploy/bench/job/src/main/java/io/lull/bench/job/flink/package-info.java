/** The job on a Flink mini cluster. */
@NullMarked
package io.lull.bench.job.flink;

import org.jspecify.annotations.NullMarked;
