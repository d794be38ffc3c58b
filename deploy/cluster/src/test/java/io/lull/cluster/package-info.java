/** The job under failures, on processes of their own. */
@NullMarked
package io.lull.cluster;

import org.jspecify.annotations.NullMarked;
