/**
 * Operators on the same host and a worker: how it is, one JSON document for each connection to a unix socket, and what it
 * is told to do, on another one.
 */
@NullMarked
package io.lull.worker.status;

import org.jspecify.annotations.NullMarked;
