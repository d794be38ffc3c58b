/** The benchmark of the Flink job: what is measured, and what it is held to. */
@NullMarked
package io.lull.bench.job;

import org.jspecify.annotations.NullMarked;
