/**
 * The fixed-interval policy of Remus (Cully et al., NSDI 2008), its model of the transfer, and the two-level policy of
 * Adaptive Remus (da Silva et al., 2017), reconstructed.
 */
@NullMarked
package io.lull.policy.remus;

import org.jspecify.annotations.NullMarked;
