@NullMarked
package io.lull.worker.turns;

import org.jspecify.annotations.NullMarked;
