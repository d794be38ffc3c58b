/** A primary's side without a guest, beside the worker's own parts that it drives. */
@NullMarked
package io.lull.worker.primary;

import org.jspecify.annotations.NullMarked;
