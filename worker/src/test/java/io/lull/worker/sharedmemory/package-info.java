/** Tests of the capture from shared memory against a QEMU that the tests play; on a real one it is {@code SharedMemorySourceIT}. */
@NullMarked
package io.lull.worker.sharedmemory;

import org.jspecify.annotations.NullMarked;
