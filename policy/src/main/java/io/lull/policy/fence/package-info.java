/**
 * Who may release a VM's output: the record that an arbiter keeps of each VM, the claims to it, and the one rule that
 * decides them. Pure; what asks the arbiter is the worker's.
 */
@NullMarked
package io.lull.policy.fence;

import org.jspecify.annotations.NullMarked;
