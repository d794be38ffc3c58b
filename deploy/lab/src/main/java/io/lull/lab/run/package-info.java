/** Many candidates on many workloads, run by several threads. */
@NullMarked
package io.lull.lab.run;

import org.jspecify.annotations.NullMarked;
