/** Tests of the fence's rule, alone and with all that two sides and an arbiter can do. */
@NullMarked
package io.lull.policy.fence;

import org.jspecify.annotations.NullMarked;
