/** What a campaign does, drawn from its seed: values only. */
package io.lull.bench.faults.plan;
