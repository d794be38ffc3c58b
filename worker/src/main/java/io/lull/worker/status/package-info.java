/** Tells operators on the same host how a worker is: one JSON document for each connection to a unix socket. */
@NullMarked
package io.lull.worker.status;

import org.jspecify.annotations.NullMarked;
