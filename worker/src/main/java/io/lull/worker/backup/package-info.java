/**
 * The backup's side: receive, commit, follow, take over.
 *
 * <pre>
 *  connection ─▶ BackupSession ─checked bodies─▶ RedoLog (open epochs)
 *                     │ EPOCH_END: complete              │
 *                     │                                  ▼
 *                     │ then ACK                 ApplyLoop (one thread, at most 4 epochs behind)
 *                     ▼                                  │ Committer
 *                  primary                 ┌─────────────┼──────────────┐
 *                                          ▼             ▼              ▼ marks
 *                                   CommittedImage   DiskImage     HotStandby (own thread)
 *                                                                       │ StandbyStream, kept open
 *                                                                       ▼
 *                                                                QEMU -incoming
 * </pre>
 *
 * <p>An epoch is committed when all of it is here: it is queued to be applied and then acknowledged, and it is applied
 * even if the acknowledgement doesn't get out. Open epochs are a redo log that a lost connection throws away, so the image
 * is always exactly the end of a complete epoch, apart from the moment of applying one.
 *
 * <p>Everything a peer sends is checked before it is kept: what breaks a rule drops that connection, is counted with its
 * reason, and touches nothing committed. Who has not proven who it is ({@link io.lull.worker.wire}) doesn't get so far. Memory
 * comes from this side's limits and never from a length in a frame.
 *
 * <p>The standby follows by marks: the apply thread marks the pages it wrote, and the standby's own thread sends them as
 * one section. The device state stays here until {@link io.lull.worker.backup.Failover} sends it; without a filled standby
 * it starts one and sends everything.
 *
 * <p>Output can't leave twice: a primary that holds its output without a backup releases only what was acknowledged, and
 * after the decision to take over nothing is acknowledged and every HELLO is refused. A primary that goes on without a
 * backup needs a {@link io.lull.worker.fence.Fence}.
 */
@NullMarked
package io.lull.worker.backup;

import org.jspecify.annotations.NullMarked;
