/** Flink's metrics for Prometheus, on loopback. */
@NullMarked
package io.lull.cluster.prometheus;

import org.jspecify.annotations.NullMarked;
