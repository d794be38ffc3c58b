/** Per VM: windowed metrics from samples and epoch reports. */
@NullMarked
package io.lull.job.metrics;

import org.jspecify.annotations.NullMarked;
