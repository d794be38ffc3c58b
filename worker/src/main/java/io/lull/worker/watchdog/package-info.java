/**
 * Frees a guest that was paused by a worker that no longer lives.
 *
 * <p>Between the order to pause and the order to resume QEMU waits for the worker without limit. A worker that is
 * killed or stopped there would leave the guest paused for ever, so a small process of its own, with a monitor of its
 * own, listens to the worker's sign of life on a pipe.
 */
@NullMarked
package io.lull.worker.watchdog;

import org.jspecify.annotations.NullMarked;
