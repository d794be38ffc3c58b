package io.lull.job.metrics;

import io.lull.policy.IdleRule;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleVerdict;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VacantThreshold;

/**
 * Finds the idle slots of a pane that closes, by the policy's own {@link IdleSlotDetector} and with the threshold that
 * {@link VacantThreshold} has learned from the VM's samples before the pane. One finder serves all VMs.
 *
 * <p>A slot is samples in a row, of one epoch, with a verdict. It goes on from pane to pane; a pane counts those that
 * begin in it, those that end in it, and the samples in between that are its own.
 */
final class SlotFinder {
    private final SampleEntries entries;
    private final SampleTable table = new SampleTable();
    private final SampleView view = new SampleView();

    SlotFinder(SampleEntries entries) {
        this.entries = entries;
    }

    /** Adds to {@code pane} the slots of its {@code samples}. */
    void find(SlotState state, Pane pane, EntryLog samples) {
        table.clear();
        entries.open(samples);
        while (entries.next()) {
            entries.addTo(table);
        }
        table.sort();
        IdleRule rule = IdleRule.DEFAULT.withBusyRatio(VacantThreshold.busyRatio(state.vacant));
        for (int i = 0; i < table.rows(); i++) {
            int row = table.inOrder(i);
            SampleEntries.load(view, table, row);
            take(state, pane, rule);
            if (SampleEntries.isVacant(table, row)) {
                VacantThreshold.add(state.vacant, SampleEntries.busyRatio(table, row));
            }
        }
    }

    private void take(SlotState state, Pane pane, IdleRule rule) {
        boolean sameEpoch = state.idle.epoch == view.epoch;
        IdleSlotDetector.update(state.idle, view, rule);
        boolean idle = state.idle.verdict != IdleVerdict.NONE;
        if (state.slotNanos > 0 && !(idle && sameEpoch)) {
            pane.sum(SlotSum.ENDED_SLOTS, 1);
            pane.sum(SlotSum.ENDED_NANOS, state.slotNanos);
            state.slotNanos = 0;
        }
        if (!idle) {
            return;
        }
        if (state.slotNanos == 0) {
            pane.sum(SlotSum.SLOTS, 1);
            pane.sum(SlotSum.ONSET_NANOS, (double) view.elapsedNanos);
        }
        double nanos = (double) view.intervalNanos;
        state.slotNanos += nanos;
        pane.sum(SlotSum.IDLE_NANOS, nanos);
        pane.longestSlotNanos = Math.max(pane.longestSlotNanos, state.slotNanos);
    }
}
