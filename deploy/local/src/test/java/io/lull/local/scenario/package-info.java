@NullMarked
package io.lull.local.scenario;

import org.jspecify.annotations.NullMarked;
