/** What is measured on a host and what is derived from it: samples, epoch reports, estimators, the idle-slot detector. */
@NullMarked
package io.lull.policy.signal;

import org.jspecify.annotations.NullMarked;
