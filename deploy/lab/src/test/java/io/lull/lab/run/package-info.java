@NullMarked
package io.lull.lab.run;

import org.jspecify.annotations.NullMarked;
