/** The Flink job that turns telemetry into plans and checkpoint commands: entry point, topology and settings. */
@NullMarked
package io.lull.job;

import org.jspecify.annotations.NullMarked;
