/** The policies that there are, by name. */
@NullMarked
package io.lull.policy.registry;

import org.jspecify.annotations.NullMarked;
