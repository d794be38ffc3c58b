/** Tests of what a source of checkpoints stages in, without a source. */
@NullMarked
package io.lull.worker.capture;

import org.jspecify.annotations.NullMarked;
