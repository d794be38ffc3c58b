@NullMarked
package io.lull.worker.kafka;

import org.jspecify.annotations.NullMarked;
