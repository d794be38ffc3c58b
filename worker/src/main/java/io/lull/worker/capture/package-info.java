/**
 * Where checkpoints come from: what a source is, what it hands on, and what has become of it. How pages and device state
 * get out of QEMU is each source's own: {@code colo} reads them from QEMU's COLO stream, {@code sharedmemory} compares the
 * guest's memory in a shared file.
 */
@NullMarked
package io.lull.worker.capture;

import org.jspecify.annotations.NullMarked;
