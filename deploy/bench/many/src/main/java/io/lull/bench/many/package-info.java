/**
 * Many VMs on one pair of workers, and what one that turns wild costs the others.
 *
 * <pre>
 *  this process                                              the backups' process
 *  SimulatedGuest × n: EpochPipeline ─ PageWorkers ─ BackupLink ═ TLS ═▶ Backup × n: session, redo log, image
 *                       (one PagePool)                                     (one Turns)
 * </pre>
 *
 * Only the guests are simulated: the pages that they dirty. From staging on all is what {@code lull primary} and
 * {@code lull backup} run.
 */
@NullMarked
package io.lull.bench.many;

import org.jspecify.annotations.NullMarked;
