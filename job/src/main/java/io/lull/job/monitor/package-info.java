/** What the job measures of itself, for Flink's metric reporters. */
@NullMarked
package io.lull.job.monitor;

import org.jspecify.annotations.NullMarked;
