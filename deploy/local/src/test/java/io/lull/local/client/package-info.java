@NullMarked
package io.lull.local.client;

import org.jspecify.annotations.NullMarked;
