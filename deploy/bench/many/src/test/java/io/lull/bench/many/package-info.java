/** Tests of what the benchmark counts and judges; what it measures is no test. */
@NullMarked
package io.lull.bench.many;

import org.jspecify.annotations.NullMarked;
