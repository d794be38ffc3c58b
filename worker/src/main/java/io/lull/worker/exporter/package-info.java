/**
 * The workers of a host as Prometheus sees them: their status documents, asked for at each scrape by a process of its own.
 * No worker serves HTTP, so nothing that scrapes can be in a pause's way.
 */
@NullMarked
package io.lull.worker.exporter;

import org.jspecify.annotations.NullMarked;
