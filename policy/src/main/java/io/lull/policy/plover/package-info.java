/** The idle-slot policy of PLOVER (Wang et al., NSDI 2018). */
@NullMarked
package io.lull.policy.plover;

import org.jspecify.annotations.NullMarked;
