/**
 * The disk side of an epoch: every write of the guest also comes here, is numbered with the epoch that it was made in,
 * and goes to the shipper.
 *
 * <p>Rules that decide correctness:
 *
 * <ul>
 *   <li><b>Neither late nor early is allowed</b>, other than for output. A write that the guest saw completed in epoch n
 *       and that counts to n+1 is missing on the backup after a failover to n; one that counts too early changes a disk
 *       under a guest that has not made it yet. So the cut comes while the guest is paused and QEMU has drained: each
 *       write of the epoch has been answered by then, and none of the next has been made.
 *   <li>A write is with the sink before it is answered, and is answered at once: durability is the epoch's commit on the
 *       backup, so a flush has nothing to do, and neither has force-unit-access.
 *   <li>QEMU's copy of the old contents is no guest write and does not stop with the guest. Until that copy is ready, the
 *       log alone does not make the backup's disk: the disk is unprotected. A cut during the copy may fall into one of
 *       its requests, which {@link io.lull.worker.disk.EpochTotals#inFlight} then shows.
 *   <li>Records are applied in order; a zero record is data as any other.
 *   <li>When the mirror job fails, the guest goes on without us: the disk is unprotected from there on, and nothing but
 *       {@link io.lull.worker.disk.MirrorListener} says so.
 * </ul>
 */
@NullMarked
package io.lull.worker.disk;

import org.jspecify.annotations.NullMarked;
