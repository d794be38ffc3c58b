@NullMarked
package io.lull.worker.output;

import org.jspecify.annotations.NullMarked;
