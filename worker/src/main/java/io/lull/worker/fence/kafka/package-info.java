/** The arbiter of {@link io.lull.worker.fence.Fence} in Kafka: one compacted topic, one transactional id for each VM. */
@NullMarked
package io.lull.worker.fence.kafka;

import org.jspecify.annotations.NullMarked;
