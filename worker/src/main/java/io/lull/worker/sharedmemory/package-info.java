/**
 * Capture without COLO, from a QEMU that keeps the guest's memory in a shared file: {@code -object
 * memory-backend-file,id=ram0,share=on,mem-path=F,size=S -machine memory-backend=ram0}.
 *
 * <pre>
 *   worker                                         QEMU
 *    │ stop, migrate (x-ignore-shared) ────────────▶│  once: the memory that isn't in the file, such as ROMs
 *    │◀──────────────────────────────────── its stream
 *    │ cont ───────────────────────────────────────▶│
 *    │ copies the file                              │  the guest runs
 *    ├──────────────────────────────────────────────┤
 *    │ stop, xen-save-devices-state F ─────────────▶│  at the trigger
 *    │◀──────────────────────────────────── "stopped"   cut network and disk
 *    │ compares the file with its copy, in parallel │  meanwhile the device state is written to F
 *    │◀────────────────────────────────────── "saved"
 *    │ reads F                                      │
 *    │ query-status, cont ─────────────────────────▶│
 *    │◀───────────────── "stood still", RESUME, "continued"   only now the checkpoint counts
 * </pre>
 *
 * <p>F is u32 "QEVM", u32 3, and then exactly what COLO sends as device state, so the backup and its standby don't know
 * which source a checkpoint came from. The copy is one more than the page pipeline's: an epoch's pages are still being
 * encoded against that when the next one is compared.
 *
 * <p>Anybody may let the guest run in the middle of a pause: the session's watchdog, the watchdog process, an operator. What
 * was captured is void then. QEMU says RESUME each time that a guest which stood still runs, in order with its answers. So a
 * checkpoint counts if the guest stood still when all was captured, and from the order to pause up to the answer to our own
 * {@code cont} there was exactly one RESUME: it can't have run in between and been stopped again.
 *
 * <p>Needs neither a lock fix nor an odd RAM size under TCG, since QEMU's dirty bitmap has no part in it. The time is
 * proportional to the guest's memory.
 */
@NullMarked
package io.lull.worker.sharedmemory;

import org.jspecify.annotations.NullMarked;
