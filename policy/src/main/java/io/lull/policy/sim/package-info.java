/**
 * The simulator: a protected VM as a discrete-event model, deterministic from one seed, that runs the very policies and
 * the very trigger that job and worker run, over recorded traces and synthetic workloads.
 */
@NullMarked
package io.lull.policy.sim;

import org.jspecify.annotations.NullMarked;
