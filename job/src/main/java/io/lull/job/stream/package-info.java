/** What flows between the job's operators: records as they came in and as they go out. */
@NullMarked
package io.lull.job.stream;

import org.jspecify.annotations.NullMarked;
