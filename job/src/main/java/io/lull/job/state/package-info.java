/** How values become bytes in Flink's state: packed, with a story for fields that come and go. */
@NullMarked
package io.lull.job.state;

import org.jspecify.annotations.NullMarked;
