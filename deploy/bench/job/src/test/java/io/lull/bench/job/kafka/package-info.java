@NullMarked
package io.lull.bench.job.kafka;

import org.jspecify.annotations.NullMarked;
