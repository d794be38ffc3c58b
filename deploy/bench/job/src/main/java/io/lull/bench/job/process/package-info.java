/** Contenders as processes of their own, so that what each one costs can be told. */
@NullMarked
package io.lull.bench.job.process;

import org.jspecify.annotations.NullMarked;
