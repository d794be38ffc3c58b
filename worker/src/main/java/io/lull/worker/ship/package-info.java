/**
 * The primary's way to the backup: one connection, filled by many threads, emptied by one.
 *
 * <p>{@link io.lull.worker.ship.BackupLink} copies each frame into a ring of fixed size at {@code send}; one sender
 * thread writes whatever is there in one gathering write, so that a busy link sees large writes and an idle one no
 * delay. A full ring blocks {@code send}: that is the back pressure of the page pipeline. Once lost, a link drops what is
 * queued and stays lost; the session opens a new one and resynchronises. A ceiling of bytes per second
 * ({@link io.lull.worker.ship.LinkOptions#ceilingBytesPerSecond}) holds records up, and nothing else. How the bytes are protected on their way is the
 * business of {@link io.lull.worker.wire}.
 */
@NullMarked
package io.lull.worker.ship;

import org.jspecify.annotations.NullMarked;
