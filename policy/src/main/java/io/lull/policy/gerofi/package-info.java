/** The workload-adaptive policy of Gerofi and Ishikawa (PRDC 2011), reconstructed. */
@NullMarked
package io.lull.policy.gerofi;

import org.jspecify.annotations.NullMarked;
