/** The decision inside an epoch: plan and local signals in, run on or checkpoint out. */
@NullMarked
package io.lull.policy.trigger;

import org.jspecify.annotations.NullMarked;
