/**
 * The whole loop on one machine: an embedded Kafka broker and a Flink MiniCluster running the job in this JVM; the
 * workers and the QEMUs as processes of their own, so that each can be killed.
 */
@NullMarked
package io.lull.local;

import org.jspecify.annotations.NullMarked;
