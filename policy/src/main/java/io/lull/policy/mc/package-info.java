/** The schedule of QEMU MicroCheckpointing (Hines, IBM, 2013 and 2014). */
@NullMarked
package io.lull.policy.mc;

import org.jspecify.annotations.NullMarked;
