/** What is recorded of a VM, and why its epochs were cut where they were; without Kafka. */
@NullMarked
package io.lull.worker.record;

import org.jspecify.annotations.NullMarked;
