/** Clients that run inside the test network and say on standard output, one JSON line each, what they saw. */
@NullMarked
package io.lull.local.client;

import org.jspecify.annotations.NullMarked;
