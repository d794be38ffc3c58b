/** Talking to QEMU: the QMP client, the questions asked over it, and the check of what is unsafe to arm. */
@NullMarked
package io.lull.producer.qemu;

import org.jspecify.annotations.NullMarked;
