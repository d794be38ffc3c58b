/** What a host reads from Kafka: the commands for its VMs, and any topic for a live view. */
@NullMarked
package io.lull.worker.kafka;

import org.jspecify.annotations.NullMarked;
