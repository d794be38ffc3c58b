/** The policy of this project: wait for the lull only while the pause that it saves is worth more than what waits. */
@NullMarked
package io.lull.policy.lull;

import org.jspecify.annotations.NullMarked;
