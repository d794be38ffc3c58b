package io.lull.worker.primary;

import io.lull.worker.capture.StagingArea;
import io.lull.worker.output.OutputGate;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * What a session's epochs work with.
 *
 * @param gate holds the guest's output; empty for a guest without network
 * @param disk logs the guest's disk writes; empty for a guest without a replicated disk
 * @param book keeps the epochs between capture and commit
 * @param apportion splits an epoch's dirty pages over the vCPUs
 * @param tap looks at what is captured
 * @param events hears what happens
 * @param nanoClock monotonic
 * @param wallMicros host wall clock
 * @param staging the areas that checkpoints are staged in; at most so many are captured and not yet encoded
 */
record SessionPorts(
        Optional<OutputGate> gate,
        Optional<DiskLog> disk,
        EpochBook book,
        IntFunction<List<Long>> apportion,
        CaptureTap tap,
        SessionEvents events,
        LongSupplier nanoClock,
        LongSupplier wallMicros,
        List<StagingArea> staging) {}
