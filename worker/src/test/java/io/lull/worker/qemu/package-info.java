@NullMarked
package io.lull.worker.qemu;

import org.jspecify.annotations.NullMarked;
