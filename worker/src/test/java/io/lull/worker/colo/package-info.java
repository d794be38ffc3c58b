@NullMarked
package io.lull.worker.colo;

import org.jspecify.annotations.NullMarked;
