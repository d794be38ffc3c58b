/**
 * Output commit: what the guest sends is held until the checkpoint that it depends on is on the backup.
 *
 * <p>An {@link io.lull.worker.output.OutputGate} holds it: a {@link io.lull.worker.output.RedirectorGate} in this process, or a
 * gate that tells others what to hold, as {@link io.lull.worker.output.FilterBuffers} has QEMU do it and {@link
 * io.lull.worker.output.PlugQueue} Linux.
 *
 * <p>Rules that decide correctness:
 *
 * <ul>
 *   <li><b>Late is allowed, early is not.</b> A frame that counts to a later epoch than it was made in is only delayed;
 *       one that counts to an earlier epoch leaves before its cause is safe. So the cut comes while the guest is paused,
 *       or before, and in any case before the command to resume is sent. Frames that are still in the socket then fall into the
 *       next epoch.
 *   <li><b>Losing is allowed, leaking is not.</b> Frames over the bound or held for over a minute are dropped, and so is everything that is held
 *       when a socket is lost or the gate is discarded: TCP repeats. No failure opens the gate.
 *   <li><b>The reader never waits for the writer.</b> QEMU writes to the gate under its global lock: if the gate stopped
 *       reading until QEMU takes frames back, both would wait for ever and the guest would hang.
 *   <li>Frames keep their order, and go back byte for byte as they came.
 *   <li>QEMU hands frames that return, or that its buffers let go, while the guest is paused to the network only after the resume.
 * </ul>
 */
@NullMarked
package io.lull.worker.output;

import org.jspecify.annotations.NullMarked;
