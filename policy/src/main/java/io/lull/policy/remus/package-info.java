/** The fixed-interval policy of Remus (Cully et al., NSDI 2008). */
@NullMarked
package io.lull.policy.remus;

import org.jspecify.annotations.NullMarked;
