/** The checkpoint interval of high-performance computing (Young 1974, Daly 2006), to be compared with. */
@NullMarked
package io.lull.policy.daly;

import org.jspecify.annotations.NullMarked;
