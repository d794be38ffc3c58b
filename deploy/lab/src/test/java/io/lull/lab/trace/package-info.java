@NullMarked
package io.lull.lab.trace;

import org.jspecify.annotations.NullMarked;
