/**
 * The fault campaign: protected guests under load, faults at random moments, and what must hold whatever fails.
 *
 * <pre>
 *   seed ─▶ Lives ─▶ Life ─▶ LifeRun ──▶ Injector ─▶ QEMU, workers, standby, link, broker, Flink, memory
 *                              │  ▲
 *                              │  └────── Supervisor: protected again, or moved
 *                              ▼
 *              clients, TAP devices, monitor, consoles, disk ─▶ Violations ─▶ LifeReport ─▶ Summary
 * </pre>
 */
package io.lull.bench.faults;
