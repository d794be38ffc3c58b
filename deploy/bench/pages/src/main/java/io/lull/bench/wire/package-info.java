/** What encryption costs the connection between primary and backup. */
@NullMarked
package io.lull.bench.wire;

import org.jspecify.annotations.NullMarked;
