/** Hostile peers on real sockets, beside one that is served as if they were not there. */
@NullMarked
package io.lull.bench.fuzz.siege;

import org.jspecify.annotations.NullMarked;
