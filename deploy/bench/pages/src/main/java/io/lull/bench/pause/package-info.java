/** What a pause would gain or lose if the delta were made within it. */
@NullMarked
package io.lull.bench.pause;

import org.jspecify.annotations.NullMarked;
