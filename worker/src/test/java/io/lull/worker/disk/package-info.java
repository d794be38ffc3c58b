@NullMarked
package io.lull.worker.disk;

import org.jspecify.annotations.NullMarked;
