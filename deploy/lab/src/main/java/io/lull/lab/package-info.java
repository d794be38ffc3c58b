/** The laboratory's command line: {@code lull simulate}. */
@NullMarked
package io.lull.lab;

import org.jspecify.annotations.NullMarked;
