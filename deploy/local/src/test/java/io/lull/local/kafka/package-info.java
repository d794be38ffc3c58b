@NullMarked
package io.lull.local.kafka;

import org.jspecify.annotations.NullMarked;
