/**
 * The primary's side of one protected VM: when to checkpoint, what becomes of a checkpoint, and what happens when
 * something is lost.
 *
 * <pre>
 *  capture thread   CheckpointSource → EpochPipeline: cut output and disk, stage pages      (guest paused)
 *  ship thread      EpochPipeline: encode on the page workers, hand to the link       (guest runs; in this VM's turn)
 *  link threads     send; on ACK → EpochBook → gate.release, epoch report
 *  trigger thread   sample → idle-slot detector → trigger → CheckpointSource.pause; telemetry; watchdog
 *  agent thread     sessions one after another: connect, mirror, arm, run, lost, again
 * </pre>
 */
@NullMarked
package io.lull.worker.primary;

import org.jspecify.annotations.NullMarked;
