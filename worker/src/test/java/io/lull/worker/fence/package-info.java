/** The contract of a fence, and a fence in memory that keeps it. */
@NullMarked
package io.lull.worker.fence;

import org.jspecify.annotations.NullMarked;
