/**
 * The workers of a host as Prometheus sees them: their status documents, asked for at each scrape by a process of its own.
 *
 * <pre>
 *  scrape ─▶ Exporter ─▶ Folders (where are workers?) ─▶ Workers (ask each) ─▶ WorkerStatus, by WorkerMetric ─▶ Exposition
 * </pre>
 *
 * A metric is added in {@link io.lull.worker.exporter.WorkerMetric} alone; the table in {@code docs/monitoring.md} follows from it, and an
 * alert goes to {@code deploy/prometheus}. No worker serves HTTP, so that nothing that scrapes can be in a pause's way: of the worker's
 * code only {@code status} may be used here, and only the command line uses this ({@code ArchitectureTest}).
 */
@NullMarked
package io.lull.worker.exporter;

import org.jspecify.annotations.NullMarked;
