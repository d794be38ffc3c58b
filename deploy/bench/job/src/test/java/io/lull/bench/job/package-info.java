@NullMarked
package io.lull.bench.job;

import org.jspecify.annotations.NullMarked;
