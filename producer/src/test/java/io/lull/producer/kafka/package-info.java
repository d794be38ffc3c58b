@NullMarked
package io.lull.producer.kafka;

import org.jspecify.annotations.NullMarked;
