@NullMarked
package io.lull.worker.certs;

import org.jspecify.annotations.NullMarked;
