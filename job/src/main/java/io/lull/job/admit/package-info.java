/** Per VM: which of its records are taken up, and which host is believed. */
@NullMarked
package io.lull.job.admit;

import org.jspecify.annotations.NullMarked;
