/**
 * Who may release a VM's output when primary and backup can't see each other: the fence, as both sides ask it.
 *
 * <p><b>The right.</b> The newest record of a VM says whose output may leave: all of the primary's while that is ALONE; what
 * the backup of the recorded session acknowledges, and nothing else, under PRIMARY_PROTECTED; all of the backup's once it
 * has TAKEN the VM. A backup stops acknowledging before it asks to take over, so that under PRIMARY_PROTECTED each
 * acknowledgement is a grant that can't outlive the right to give it. {@link io.lull.policy.fence.FenceState} draws the states,
 * {@link io.lull.policy.fence.FenceRule} decides.
 *
 * <pre>
 *  primary                          arbiter: one record a VM                       backup
 *  a new VM, its output held ─────▶ ALONE{run}
 *  ◀── granted: output flows
 *  first pause: output held
 *  first commit of session s ◀──────────────────────────────────────────── acknowledges
 *  gives ALONE up, then ──────────▶ PRIMARY_PROTECTED{run, s}
 *  ◀── granted: what is acknowledged leaves
 *                                       the two lose each other              acknowledges no more
 *  go-on-unprotected ─────────────▶ ALONE{run}      one of them comes first
 *                                   TAKEN{s} ◀──────────────────────── "I committed in s"
 *  ◀── denied: never speaks again                                  granted: marker, then the VM runs
 * </pre>
 *
 * <p><b>Who is who.</b> A primary is its VM's <i>run</i>, that is its QEMU process: workers that follow each other at it
 * are one claimant, and a VM that is started again is another. A QEMU in which a backup runs the VM that it took bears that
 * backup's id ({@link io.lull.worker.qemu.TakerMark}), and that is its run: so what the backup has TAKEN is the run's too, a
 * primary worker at that QEMU goes ALONE or is PRIMARY_PROTECTED like any, and its new backup may take the VM in its turn. The
 * one from which the VM was taken is another run, and barred: the record names such runs from TAKE on, so that one which has
 * not heard of it finds no place even after the VM was off and its place FREE again. A backup shows what it holds by the <i>sessions</i> in which it
 * committed. A primary records each session with its first commit, and what is acknowledged in it leaves only then (or at once
 * where the primary was ALONE, since then nobody else may take over). So a backup that quotes the recorded session has an
 * image at least as new as all that left. One that was left behind, for another backup or for none, quotes in vain. An
 * acknowledgement alone would not do as a grant: that of a new backup says nothing of the old one, which is recorded
 * still. Sessions are named and not backups, so that nothing had to be added to the protocol.
 *
 * <p><b>The arbiter in Kafka.</b> The topic {@code <prefix>.fence.v1}, compacted, one partition; and one transactional id
 * for each VM, {@code <prefix>.fence.v1-<vm>}, with which alone records of it are written. A claim:
 *
 * <ol>
 *   <li>{@code initTransactions}. When it returns, transactions that were open under the id are aborted, those about to
 *       commit are committed, and no producer that had the id before can commit any more.
 *   <li>Write a probe, a record that says nothing, and abort it. That all replicas in sync have it is acknowledged by the topic's leader
 *       alone, so its offset lies behind all that was committed by then.
 *   <li>Read the topic, read_committed, past the probe, undecided records of other VMs included: a reader that stopped at the
 *       last stable offset could miss a record of this VM behind another's open transaction, and one that stopped at the end that a
 *       broker tells could be told an old one, by a leader that was deposed and, cut off from the other brokers, doesn't know it.
 *       From such a one nothing past the probe can be read.
 *   <li>Decide by the newest record. Denied: done.
 *   <li>Write and commit. Granted when the commit is acknowledged.
 * </ol>
 *
 * <p><i>Ahead.</i> A takeover waits for its claim. So a backup whose claim would be granted by the newest record does steps 1 to 3
 * while nothing is wrong and its session goes on ({@link io.lull.worker.fence.Fence#expect}). From then on it is a claimant that
 * sleeps between two steps, like any: it commits if nobody began a claim since, and then what it read is the newest record
 * still; else it can't. A ruling that needs no commit, a denial or that something holds, shows nothing of the kind, and is
 * never made by what was read ahead. Nothing is granted by that, and so nothing is given up for it: the backup goes on to acknowledge, and
 * ends its session before it decides. Another claimant may be overtaken by it, and makes its claim again. Each 5 s it looks at
 * the topic and its settings, and whether its claim is the newest still; when it isn't, it begins anew. Of a takeover's
 * claim then remain the write and the commit: the probe has shown, in its time, that what was read was all, and the commit shows that it
 * still is. One that finds itself overtaken goes through all steps at once.
 *
 * <p><i>Two are never granted what excludes each other.</i> Let claim B begin (step 1) after claim A. Either A's record is
 * committed by the end of B's step 1, and so lies before B's probe, and B reads it in step 3; or A can't commit any more, and is not granted. That holds
 * however long after step 1 the others come. So each ruling rests on the record of the last claim that was granted before it: claims are decided as if one after the other.
 * The rest is the rule's: ALONE is left by its own run alone and TAKEN by its taker alone, or the run that bears its id (or an
 * operator's word), so what
 * one of them does on a grant, at any later time, stays right without asking again. The primary's half is to
 * give ALONE up <i>before</i> it asks for PRIMARY_PROTECTED, whatever comes of asking, not to have it again until that is
 * granted anew, and to let a session's output wait for its record; the backup's is to end its session before it asks.
 * {@code FenceModelTest} goes through every order of all steps, with crashes, sleepers, lost answers and a second backup,
 * and finds the fault when the arbiter or a part of the primary's half is left out. {@code FenceWalkTest} walks at random through
 * the same with a broker down to its log, and finds each of eleven planted mistakes, those of a broker's settings included.
 *
 * <p><b>What a claim can meet.</b>
 *
 * <ul>
 *   <li>Both claim at once: one commits, the other's commit is refused or void; asked again, it reads why.
 *   <li>The claimant dies between step 1 and 5: nothing is committed. The next claim to the VM aborts what it left; a claim
 *       to another VM waits for Kafka to give it up, 15 s at most (5 s, looked at each 10 s). Who only looks at
 *       the VM's record and stands at what it left for a second ends that, by beginning a claim and making none.
 *   <li>A backup dies within its claim, or behind it and before its VM was told to run: it has kept, before the claim, in which name
 *       it asks. The process that is started after it, alone with its files, asks for the same in that name: a sleeper
 *       that wakes up, as the next.
 *   <li>A sleeper wakes up within its claim: it commits if nobody claimed meanwhile, and then its ruling is as good as
 *       when it was made; else it can't. After its claim it does what it was granted, which still holds.
 *   <li>The answer to a commit is lost, or the commit is refused (it may be a repetition of one that was done): the outcome
 *       is in doubt. Before the commit is asked for, it is not. Nothing is granted, nothing that might be granted is given away, and asking again tells, since what
 *       holds already is granted again.
 *   <li>A broker that was deposed and doesn't know it answers the reader: the reading doesn't reach the probe, and after 20 s nothing
 *       is granted. Asked again, with clients that look for the leader anew.
 *   <li>The broker is gone: nothing is granted. A protected VM runs on, and its acknowledged output leaves. The output of a
 *       session that begins meanwhile is held, and so is that of a VM whose backup is lost; a takeover waits; both ask
 *       again, after 0.25 s up to 4 s, the backup for 10 minutes, or without end when a claim of its own is in doubt.
 *   <li>The topic is missing, has another cleanup policy, number of partitions, or unclean leader election: each claim
 *       looks, one that was begun ahead each 5 s, and nothing is granted. Fewer than three replicas or {@code min.insync.replicas} below two: a warning,
 *       since the loss of a broker may then lose the newest record. The same care is due to Kafka's own
 *       {@code __transaction_state}, which a worker can't look at.
 *   <li>Records got lost all the same (a topic made anew, a log cut): a worker that has seen a later term grants itself
 *       nothing. One that was started since can't know; a backup that took over still has its marker.
 * </ul>
 *
 * <p><b>No lease by the clock.</b> The design has lease and drift; this fence has neither, on purpose. With stop-output a
 * lease adds nothing: what ends with the last acknowledgement is the very right that a lease would take away, at once and
 * without a clock. With go-on-unprotected the primary must ask before it goes alone, so that it needs no
 * lease while it is protected; and while it is alone nobody may take the VM from it, so that there is nothing to expire. What a
 * lease would add is that a backup may take a VM over whose host died while it was alone: from an image that clients have
 * seen past, which is never done here. So no pause, slow clock or long collection of garbage can make two sides speak, and a
 * takeover needs not wait a lease out. The price is that a host which dies alone leaves a record that an operator has to
 * free ({@code lull fence --free}).
 */
@NullMarked
package io.lull.worker.fence;

import org.jspecify.annotations.NullMarked;
