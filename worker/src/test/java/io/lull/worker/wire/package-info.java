@NullMarked
package io.lull.worker.wire;

import org.jspecify.annotations.NullMarked;
