/** What the worker asks of a running QEMU. */
@NullMarked
package io.lull.worker.qemu;

import org.jspecify.annotations.NullMarked;
