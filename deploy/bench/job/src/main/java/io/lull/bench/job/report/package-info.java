/** What was measured, what was claimed, and whether it holds. */
@NullMarked
package io.lull.bench.job.report;

import org.jspecify.annotations.NullMarked;
