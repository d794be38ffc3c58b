/** Decorators over any policy that keep its plans within safe bounds and say so in the reason. */
@NullMarked
package io.lull.policy.guard;

import org.jspecify.annotations.NullMarked;
