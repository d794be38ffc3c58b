/** The codec of the records on the wire, and the mapping between them and the values of {@code policy}. */
@NullMarked
package io.lull.schemas.wire;

import org.jspecify.annotations.NullMarked;
