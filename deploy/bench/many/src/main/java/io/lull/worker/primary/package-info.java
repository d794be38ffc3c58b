/** A simulated guest in the place of QEMU, beside the session's parts that it drives. */
@NullMarked
package io.lull.worker.primary;

import org.jspecify.annotations.NullMarked;
