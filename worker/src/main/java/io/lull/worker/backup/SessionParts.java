package io.lull.worker.backup;

import io.lull.worker.turns.Turns;
import java.util.function.LongSupplier;

/** What all sessions of a backup share. */
record SessionParts(
        BackupOptions options,
        SessionHost host,
        ApplyLoop apply,
        Committer committer,
        RedoSlots slots,
        RedoBudget budget,
        Turns turns,
        LongSupplier nanoClock) {}
