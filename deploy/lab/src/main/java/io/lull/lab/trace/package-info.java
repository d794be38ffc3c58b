/** Recorded guests, read from files. */
@NullMarked
package io.lull.lab.trace;

import org.jspecify.annotations.NullMarked;
