package io.lull.job.metrics;

import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Idle slots from samples in order, by the words of the README and of the detector's Javadoc. */
final class PlainSlots {
    private static final long MILLI = 1_000_000;

    private final List<Slot> slots = new ArrayList<>();

    /** Samples of one slot, and the one that ended it. */
    private static final class Slot {
        final List<PlainWindows.Timed<VmSample>> samples = new ArrayList<>();
        Optional<PlainWindows.Timed<VmSample>> endedBy = Optional.empty();

        long nanos() {
            return samples.stream().mapToLong(s -> keptNanos(s.value())).sum();
        }
    }

    PlainSlots(List<PlainWindows.Timed<VmSample>> inOrder) {
        List<Integer> vacantPercents = new ArrayList<>();
        List<Integer> vacantOfPane = new ArrayList<>();
        double threshold = 0.05;
        int vcpus = 1;
        long pane = Long.MIN_VALUE;
        long epoch = 0;
        long idleNanos = 0;
        long quietNanos = 0;
        Optional<Slot> open = Optional.empty();
        for (PlainWindows.Timed<VmSample> timed : inOrder) {
            VmSample s = timed.value();
            if (timed.paneMillis() != pane) {
                pane = timed.paneMillis();
                vacantPercents.addAll(vacantOfPane);
                vacantOfPane.clear();
                vcpus = vcpusOf(inOrder, pane, vcpus);
                threshold = learned(vacantPercents, vcpus);
            }
            boolean anew = s.epoch() != epoch;
            epoch = s.epoch();
            boolean counts = s.elapsedNanos() >= 2 * MILLI
                    && s.elapsedNanos() >= s.intervalNanos()
                    && !s.vcpus().isEmpty();
            idleNanos = counts && kept(s.busyRatio()) < threshold ? (anew ? 0 : idleNanos) + keptNanos(s) : 0;
            quietNanos = counts && s.network().txPackets() == 0 ? (anew ? 0 : quietNanos) + keptNanos(s) : 0;
            boolean rests = idleNanos >= 600_000
                    && quietNanos >= 600_000
                    && s.disk().inFlight() == 0
                    && s.network().openPackets() > 0;
            boolean inSlot = rests && (s.tcp().requestsPending() == 0 || idleNanos >= 5 * MILLI);
            if (open.isPresent() && (anew || !inSlot)) {
                open.get().endedBy = Optional.of(timed);
                open = Optional.empty();
            }
            if (inSlot) {
                if (open.isEmpty()) {
                    open = Optional.of(new Slot());
                    slots.add(open.get());
                }
                open.get().samples.add(timed);
            }
            if (isVacant(s)) {
                vacantOfPane.add((int) (100 * kept(s.busyRatio())));
            }
        }
    }

    WindowMetrics.IdleSlots within(long startMillis, long endMillis) {
        List<Slot> begun = slots.stream()
                .filter(slot -> isIn(slot.samples.get(0), startMillis, endMillis))
                .toList();
        List<Slot> ended = slots.stream()
                .filter(slot -> slot.endedBy.isPresent() && isIn(slot.endedBy.get(), startMillis, endMillis))
                .toList();
        double idleNanos = 0;
        long longest = 0;
        for (Slot slot : slots) {
            long reached = 0;
            for (PlainWindows.Timed<VmSample> sample : slot.samples) {
                reached += keptNanos(sample.value());
                if (isIn(sample, startMillis, endMillis)) {
                    idleNanos += keptNanos(sample.value());
                    longest = Math.max(longest, reached);
                }
            }
        }
        OptionalDouble meanLength = ended.stream().mapToDouble(Slot::nanos).average();
        OptionalDouble meanOnset = begun.stream()
                .mapToDouble(
                        slot -> 1000 * Math.round(slot.samples.get(0).value().elapsedNanos() / 1000.0))
                .average();
        return new WindowMetrics.IdleSlots(
                begun.size(),
                Math.min(1, idleNanos / ((endMillis - startMillis) * 1e6)),
                Optional.of(new WindowMetrics.SlotTimes(ended.size(), meanLength, longest, meanOnset)));
    }

    private static boolean isIn(PlainWindows.Timed<VmSample> timed, long startMillis, long endMillis) {
        return timed.eventMillis() >= startMillis && timed.eventMillis() < endMillis;
    }

    /** A sample's length, in the whole microseconds that are kept. */
    private static long keptNanos(VmSample s) {
        return 1000 * Math.max(1, Math.round(s.intervalNanos() / 1000.0));
    }

    /** A busy share below a quarter is kept in steps of 2^-18, and stands for the middle of its step. */
    private static double kept(double busyRatio) {
        double steps = 1 << 18;
        return busyRatio < 0.25 ? (Math.floor(busyRatio * steps) + 0.5) / steps : busyRatio;
    }

    private static boolean isVacant(VmSample s) {
        return !s.vcpus().isEmpty()
                && s.elapsedNanos() >= s.intervalNanos()
                && s.network().txPackets() == 0
                && s.network().rxPackets() == 0
                && s.tcp().requestsPending() == 0
                && s.disk().inFlight() == 0
                && s.disk().writes() == 0
                && s.busyRatio() * s.vcpus().size() < 0.5;
    }

    /** The most vCPUs that a sample of the pane has; as before when none has any. */
    private static int vcpusOf(List<PlainWindows.Timed<VmSample>> inOrder, long pane, int before) {
        int most = inOrder.stream()
                .filter(timed -> timed.paneMillis() == pane)
                .mapToInt(timed -> timed.value().vcpus().size())
                .max()
                .orElse(0);
        return most == 0 ? before : most;
    }

    private static double learned(List<Integer> percents, int vcpus) {
        if (percents.size() < 256) {
            return 0.05 / vcpus;
        }
        List<Integer> sorted = percents.stream().sorted().toList();
        int percent = sorted.get((int) Math.ceil(0.9 * sorted.size()) - 1);
        return Math.max(0.05 / vcpus, Math.min(Math.min(0.25, 0.5 / vcpus), (percent + 1) / 100.0));
    }
}
