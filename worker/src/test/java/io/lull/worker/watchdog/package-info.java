@NullMarked
package io.lull.worker.watchdog;

import org.jspecify.annotations.NullMarked;
