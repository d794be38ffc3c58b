/**
 * Oracles against a real guest: what is committed is compared with what the paused guest had, and what a client would
 * have read of it with what it must read. Each is tried on an error made on purpose.
 */
@NullMarked
package io.lull.local.oracle;

import org.jspecify.annotations.NullMarked;
