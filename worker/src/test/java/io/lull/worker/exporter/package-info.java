@NullMarked
package io.lull.worker.exporter;

import org.jspecify.annotations.NullMarked;
