/** What is done with a local stack: each scenario runs, measures, and says whether what must hold held. */
@NullMarked
package io.lull.local.scenario;

import org.jspecify.annotations.NullMarked;
