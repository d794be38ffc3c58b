/** The dirty-page watermark that the authors of Remus suggest (Cully et al., NSDI 2008). */
@NullMarked
package io.lull.policy.watermark;

import org.jspecify.annotations.NullMarked;
