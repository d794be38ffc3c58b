/** Counters of the kernel under {@code /proc}: parsers of text, beside readers that keep their file open. */
@NullMarked
package io.lull.producer.procfs;

import org.jspecify.annotations.NullMarked;
