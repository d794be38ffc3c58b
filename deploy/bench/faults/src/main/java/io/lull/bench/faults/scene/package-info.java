/** The world of a campaign: guest, workers, broker and Flink as processes, and the hands that do harm to them. */
package io.lull.bench.faults.scene;
