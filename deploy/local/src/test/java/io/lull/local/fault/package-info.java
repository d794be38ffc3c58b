/** What happens to a guest when a part of its protection fails: real QEMU, real workers, real signals. */
@NullMarked
package io.lull.local.fault;

import org.jspecify.annotations.NullMarked;
