/** The topics: their names, keys, partitions and configuration, without a Kafka class. */
@NullMarked
package io.lull.schemas.topic;

import org.jspecify.annotations.NullMarked;
