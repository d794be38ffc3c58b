/** Epochs of recorded pages from a primary's staging area to its backup's image, over loopback. */
@NullMarked
package io.lull.bench.epochs;

import org.jspecify.annotations.NullMarked;
