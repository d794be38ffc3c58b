@NullMarked
package io.lull.schemas.topic;

import org.jspecify.annotations.NullMarked;
