/** Recordings: the samples and epoch reports of one VM in a file. */
@NullMarked
package io.lull.schemas.file;

import org.jspecify.annotations.NullMarked;
