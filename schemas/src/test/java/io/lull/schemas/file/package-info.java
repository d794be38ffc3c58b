/** Tests of the recordings. */
@NullMarked
package io.lull.schemas.file;

import org.jspecify.annotations.NullMarked;
