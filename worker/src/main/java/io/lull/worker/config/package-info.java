/** The workers' configuration: a commented reference file holds every key and default, the operator's file overrides. */
@NullMarked
package io.lull.worker.config;

import org.jspecify.annotations.NullMarked;
