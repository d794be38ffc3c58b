/** The hybrid COLO mode of ORBIT (Gilbert, Red Hat, 2016). */
@NullMarked
package io.lull.policy.orbit;

import org.jspecify.annotations.NullMarked;
