/** Tests of recording and explaining. */
@NullMarked
package io.lull.worker.record;

import org.jspecify.annotations.NullMarked;
