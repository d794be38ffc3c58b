/** Per VM: from samples to plans, commands and decisions. */
@NullMarked
package io.lull.job.schedule;

import org.jspecify.annotations.NullMarked;
