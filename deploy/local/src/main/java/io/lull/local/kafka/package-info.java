/** A Kafka broker inside this JVM. */
@NullMarked
package io.lull.local.kafka;

import org.jspecify.annotations.NullMarked;
