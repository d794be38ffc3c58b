/** What these tests write to Kafka and read from it. */
@NullMarked
package io.lull.cluster.kafka;

import org.jspecify.annotations.NullMarked;
