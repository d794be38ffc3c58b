/** Assembles the samples of a VM: raw counters over an interval and levels at its end, nothing derived. */
@NullMarked
package io.lull.producer.probe;

import org.jspecify.annotations.NullMarked;
