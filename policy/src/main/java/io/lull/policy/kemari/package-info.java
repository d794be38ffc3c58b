/** The output-driven policy of Kemari (NTT). */
@NullMarked
package io.lull.policy.kemari;

import org.jspecify.annotations.NullMarked;
