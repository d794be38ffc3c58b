/**
 * The closed loop without a guest: the job's and the worker's own code around the simulator's VM, compared with what the
 * simulator says that they do.
 */
@NullMarked
package io.lull.local.loop;

import org.jspecify.annotations.NullMarked;
