/**
 * The backup's side: receive, commit, follow, take over.
 *
 * <pre>
 *  connection ─▶ BackupSession ─checked bodies─▶ RedoLog (open epochs, each in a slot: a file)
 *                     │ EPOCH_END: complete, sealed      │
 *                     │                                  ▼
 *                     │ then ACK                 ApplyLoop (one thread, at most 4 epochs behind,
 *                     │                                  │          or many behind a session's first)
 *                     ▼                                  │ Committer
 *                  primary                 ┌─────────────┼──────────────┐
 *                                          ▼             ▼              ▼ marks
 *                                   CommittedImage   DiskImage     HotStandby (own thread)
 *                                                                       │ StandbyStream, kept open
 *                                                                       ▼
 *                                                                QEMU -incoming
 * </pre>
 *
 * <p>An epoch is committed when all of it is here: its slot is sealed, it is queued to be applied and then acknowledged, and it is
 * applied even if the acknowledgement doesn't get out. Open epochs are a redo log that a lost connection throws away, so the
 * image is always exactly the end of a complete epoch, apart from the moment of applying one.
 *
 * <h2>What outlives the process</h2>
 *
 * <p>All of this is in files of the image's folder, so in the kernel's page cache or in a file system in memory: a process that is
 * killed at any instruction leaves it as it was then. A host that goes down doesn't, and nothing is taken up after that. A backup
 * that is started again stands where the one before stood: at the last epoch that was acknowledged, or was about to be.
 *
 * <pre>
 *  file                what                                                                   written by
 *  commit.state        two slots, written in turn: VM, boot of the host, which image counts,   apply thread
 *                      its epoch, number of the last applied promise, sessions, freshness,
 *                      size and time of modification of the disk's copy, what was written to it last
 *  image.ram           the pages of the image that counts; behind them its tag: id, VM, layout  apply thread
 *  image.next.ram      that of another layout, before its first commit                         apply thread
 *  redo-N.slot         one epoch: its seal, once it has one, and its records                   session's thread
 * </pre>
 *
 * <p>An epoch's life, each step done before the next begins. What a crash after it leaves, and what {@link
 * io.lull.worker.backup.Resumption} makes of that:
 *
 * <pre>
 *  records in a slot        an open slot: dropped; nobody heard that the epoch is here
 *  seal in the slot         a promise: redone. Its number follows the last one's, so that a missing one is noticed
 *  ACK
 *  applied, page by page    a promise, and an image and a disk with some of it: redone. To write a value twice is to write it once
 *  state says so            the promise is in the image
 *  slot free
 * </pre>
 *
 * <p>A slot is sealed, and the state is written, so that what makes it count is the last store of 4 or 8 bytes: what was half written
 * doesn't count, and what counts and is damaged was not left by a crash. Then, and with another version, VM or boot, or a disk
 * that somebody wrote to since, all of it is removed with one line in the log, and the backup starts from nothing, as it does
 * where nothing was left. What is another VM's, or goes with another disk, stays, and the backup doesn't start with it. Right before
 * a VM that is taken over is told to run, the state lets go of the image: a disk on which a VM ran is no longer the image's. A
 * takeover's marker beside a state that still has its image says that nothing ran, and so does the name in which the VM was claimed: {@link
 * io.lull.worker.backup.TakeoverRight} says how a process that is started then goes on.
 *
 * <p>Two slots are in use as a rule, the open epoch's and the applied one's; {@link io.lull.worker.backup.RedoSlots#MAX_SLOTS} at most, of
 * which those that wait behind a session's first epoch are closed files. Each other
 * keeps 4 MiB mapped when it is free, and has more as an epoch needs it: mapped up to this side's limits, beyond them
 * written by calls. A file system without room for a piece is waited for while sealed epochs are to be applied, and then ends the session with its
 * open epochs, as this side's own fault; what is sealed stays. An acknowledged epoch that can't be applied (a full disk) leaves the image torn: nothing is run from it, and
 * a process that is started once there is room redoes it.
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
