/**
 * Who works when several VMs share a process: a fixed number of threads at a time, and each VM in its turn.
 *
 * <pre>
 *  VM a: thread ─enter─▶ ┌────────────────┐ works a turn ─leave─▶ ┌─▶ next of the round
 *  VM b: thread ─enter─▶ │ Round: who has │                       │
 *  VM c: thread ─enter─▶ │ a permit, who  │ ◀─── back of the round ┘  when its turn is over and others wait
 *                        │ waits, in order│
 *                        └────────────────┘
 * </pre>
 *
 * <p>Deficit round robin over time (Shreedhar and Varghese 1995), with time in the place of bytes and what a turn ran over
 * taken from the next one, as the length of a task is known only when it is done. With p permits, turns of length t, tasks
 * of length c at most and n VMs that want to work:
 *
 * <ul>
 *   <li>nobody waits while a permit is free;
 *   <li>a VM that comes waits at most ⌈(n - 1) / p⌉ (t + c), however much the others have to do;
 *   <li>VMs that always have work get the same time, apart from 2 (t + c), and with more than one permit from 0.5 %.
 * </ul>
 *
 * What is shared is the permit, so what counts is how long it was held, whether or not the host let the thread run. A
 * thread that has to wait for something else gives its permit back meanwhile.
 */
@NullMarked
package io.lull.worker.turns;

import org.jspecify.annotations.NullMarked;
