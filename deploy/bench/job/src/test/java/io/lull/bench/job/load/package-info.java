@NullMarked
package io.lull.bench.job.load;

import org.jspecify.annotations.NullMarked;
