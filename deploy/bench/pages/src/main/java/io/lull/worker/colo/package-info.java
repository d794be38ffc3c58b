/** What this source of checkpoints does in a pause, for measuring. */
@NullMarked
package io.lull.worker.colo;

import org.jspecify.annotations.NullMarked;
