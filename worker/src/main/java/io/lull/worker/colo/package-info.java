/**
 * Capture from stock QEMU by COLO: QEMU is the COLO primary, this package is the other side of its stream.
 *
 * <pre>
 *   QEMU                                            Lull
 *    │ header, configuration, RAM, device state       │  initial copy; the guest runs but for its end
 *    ├───────────────────────────────────────────────▶│
 *    │◀──────────────────────────────── CHECKPOINT_READY
 *    │ CHECKPOINT_REQUEST ───────────────────────────▶│  the guest runs on
 *    │◀──────────────────────────────── CHECKPOINT_REPLY   written when the trigger fires: the actuator
 *    │ (stops the vCPUs, drains and flushes the disks)│
 *    │ VMSTATE_SEND ─────────────────────────────────▶│  the guest is paused: cut network and disk
 *    │ dirty pages, VMSTATE_SIZE, device state ──────▶│
 *    │◀──────────────── VMSTATE_RECEIVED, VMSTATE_LOADED   QEMU resumes the guest
 * </pre>
 *
 * <p>QEMU blocks on the socket with the guest paused whenever nobody reads. So one dedicated thread reads, it waits
 * for nothing else between reply and resume, and it allocates nothing there: {@code CaptureAllocationTest}, {@code ColoSourceIT}.
 */
@NullMarked
package io.lull.worker.colo;

import org.jspecify.annotations.NullMarked;
