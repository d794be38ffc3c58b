@NullMarked
package io.lull.worker.cli;

import org.jspecify.annotations.NullMarked;
