@NullMarked
package io.lull.bench.job.report;

import org.jspecify.annotations.NullMarked;
