/** Tests of what Flink keeps: it outlives the code that wrote it. */
@NullMarked
package io.lull.job.state;

import org.jspecify.annotations.NullMarked;
