/** The rivals of Lull's own policy, each with all settings in which it is compared. */
@NullMarked
package io.lull.policy.rival;

import org.jspecify.annotations.NullMarked;
