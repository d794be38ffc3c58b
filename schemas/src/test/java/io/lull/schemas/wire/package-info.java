@NullMarked
package io.lull.schemas.wire;

import org.jspecify.annotations.NullMarked;
