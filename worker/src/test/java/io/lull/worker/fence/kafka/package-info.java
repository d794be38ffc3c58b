@NullMarked
package io.lull.worker.fence.kafka;

import org.jspecify.annotations.NullMarked;
