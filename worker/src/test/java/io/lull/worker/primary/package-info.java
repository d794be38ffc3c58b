@NullMarked
package io.lull.worker.primary;

import org.jspecify.annotations.NullMarked;
