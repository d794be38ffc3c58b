package io.lull.worker.backup;

import java.util.function.LongSupplier;

/** What all sessions of a backup share. */
record SessionParts(
        BackupOptions options,
        SessionHost host,
        ApplyLoop apply,
        Committer committer,
        SlabPool slabs,
        RedoBudget budget,
        LongSupplier nanoClock) {}
