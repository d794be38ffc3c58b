@NullMarked
package io.lull.lab;

import org.jspecify.annotations.NullMarked;
