/** Limits: on waits for others, which don't take the time in which this process itself was stopped for theirs; and of memory. */
@NullMarked
package io.lull.worker.limit;

import org.jspecify.annotations.NullMarked;
