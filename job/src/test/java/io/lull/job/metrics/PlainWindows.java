package io.lull.job.metrics;

import io.lull.job.stream.Inbound;
import io.lull.policy.signal.EpochReport;
import io.lull.policy.signal.VmSample;
import io.lull.policy.signal.WindowMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What windows must be, worked out in the plainest way: keep every record that is neither late nor repeated, sort, and
 * work out each window from the list of its records. Shares nothing with the code under test.
 */
final class PlainWindows {
    static final long[] LENGTHS_MILLIS = {100, 1000, 10_000};

    private final Rules rules;
    private final Map<String, List<Timed<VmSample>>> samples = new TreeMap<>();
    private final Map<String, List<Timed<EpochReport>>> reports = new TreeMap<>();
    private final Map<String, Pace> paces = new HashMap<>();
    private final Set<List<Object>> seen = new HashSet<>();
    private OptionalLong watermarkMillis = OptionalLong.empty();
    private long clockMillis;
    private long creditMillis;
    private long pacedMillis;
    private int restarts;
    private int late;
    private int early;
    private int repeated;

    /** A record and its event time. */
    record Timed<T>(long eventMillis, T value) {
        long paneMillis() {
            return eventMillis / 100 * 100;
        }
    }

    /** How far a VM's own time has come. */
    private static final class Pace {
        long newestMillis;
        long heardMillis;
        int restarts;
        long closedMillis = Long.MIN_VALUE;

        void close(long untilMillis) {
            closedMillis = Math.max(closedMillis, Math.floorDiv(untilMillis, 100) * 100);
        }
    }

    /** Which window it is. */
    record Name(String vm, long startMillis, long lengthMillis) {}

    /** What to get wrong, to see that a comparison finds it. */
    enum Mistake {
        NONE,
        COUNTS_REPEATS,
        TAKES_LATE_RECORDS,
        CALLS_LATE_WHAT_THE_WATERMARK_HAS_PASSED,
        TAKES_EARLY_REPORTS,
        FINDS_SLOTS_AS_SAMPLES_CAME,
        BEGINS_A_MILLISECOND_LATE
    }

    /** How windows are worked out. */
    record Rules(Mistake mistake) {}

    PlainWindows(Rules rules) {
        this.rules = rules;
    }

    int late() {
        return late;
    }

    int early() {
        return early;
    }

    int repeated() {
        return repeated;
    }

    void watermark(long atMillis) {
        long stepMillis = Math.min(atMillis - watermarkMillis.orElse(atMillis), creditMillis);
        pacedMillis += stepMillis;
        creditMillis -= stepMillis;
        watermarkMillis = OptionalLong.of(atMillis);
    }

    void clock(long atMillis) {
        creditMillis = Math.min(300, creditMillis + Math.max(0, atMillis - clockMillis));
        clockMillis = Math.max(clockMillis, atMillis);
    }

    /** What was silent until now was not heard, and no watermark is known. */
    void restart() {
        restarts++;
        creditMillis = 0;
        pacedMillis = 0;
        watermarkMillis = OptionalLong.empty();
    }

    void take(Inbound inbound) {
        String vm = inbound.vmName();
        long eventMillis = inbound.eventMillis() + (rules.mistake() == Mistake.BEGINS_A_MILLISECOND_LATE ? 1 : 0);
        Pace pace = paceOf(inbound, eventMillis);
        boolean isLate = eventMillis < pace.closedMillis;
        if (rules.mistake() == Mistake.CALLS_LATE_WHAT_THE_WATERMARK_HAS_PASSED) {
            isLate |= eventMillis / 100 * 100 + 99 <= watermarkMillis.orElse(Long.MIN_VALUE);
        }
        if (isLate) {
            late++;
            if (rules.mistake() != Mistake.TAKES_LATE_RECORDS) {
                return;
            }
        }
        // A ring of eight panes, the first of which is the first that is not closed.
        boolean isEarly = inbound instanceof Inbound.Report && eventMillis >= pace.closedMillis + 800;
        if (isEarly) {
            early++;
            if (rules.mistake() != Mistake.TAKES_EARLY_REPORTS) {
                return;
            }
        }
        if (!seen.add(identity(inbound)) && rules.mistake() != Mistake.COUNTS_REPEATS) {
            repeated += isLate ? 0 : 1;
            return;
        }
        if (inbound instanceof Inbound.Sample sample) {
            samples.computeIfAbsent(vm, name -> new ArrayList<>()).add(new Timed<>(eventMillis, sample.sample()));
        } else if (inbound instanceof Inbound.Report report) {
            reports.computeIfAbsent(vm, name -> new ArrayList<>()).add(new Timed<>(eventMillis, report.report()));
        }
    }

    /** Brings the VM's time up to the record at hand. */
    private Pace paceOf(Inbound inbound, long eventMillis) {
        boolean isFirst = !paces.containsKey(inbound.vmName());
        Pace pace = paces.computeIfAbsent(inbound.vmName(), name -> new Pace());
        if (!isFirst) {
            pace.close(pace.newestMillis + silentMillis(pace) - 500);
        }
        if (isFirst || inbound instanceof Inbound.Sample) {
            pace.newestMillis = Math.max(pace.newestMillis, eventMillis);
            pace.heardMillis = pacedMillis;
            pace.restarts = restarts;
            pace.close(pace.newestMillis - 150);
        }
        return pace;
    }

    private long silentMillis(Pace pace) {
        return pacedMillis - (pace.restarts == restarts ? pace.heardMillis : 0);
    }

    /** Whether no VM is so silent that its windows go by that: a restart would begin to count anew. */
    boolean allAreHeard() {
        return paces.values().stream().allMatch(pace -> silentMillis(pace) <= 350);
    }

    /** All windows in which something happened. */
    Map<Name, WindowMetrics> windows() {
        Map<Name, WindowMetrics> windows = new LinkedHashMap<>();
        Set<String> vms = new HashSet<>(samples.keySet());
        vms.addAll(reports.keySet());
        for (String vm : vms) {
            List<Timed<VmSample>> ofVm = new ArrayList<>(samples.getOrDefault(vm, List.of()));
            List<Timed<EpochReport>> reportsOfVm = new ArrayList<>(reports.getOrDefault(vm, List.of()));
            if (rules.mistake() != Mistake.FINDS_SLOTS_AS_SAMPLES_CAME) {
                ofVm.sort(IN_ORDER);
            }
            reportsOfVm.sort(REPORTS_IN_ORDER);
            PlainSlots slots = new PlainSlots(ofVm);
            PlainCurve curve = new PlainCurve(reportsOfVm);
            for (long lengthMillis : LENGTHS_MILLIS) {
                for (long startMillis : starts(ofVm, reportsOfVm, lengthMillis)) {
                    long endMillis = startMillis + lengthMillis;
                    windows.put(
                            new Name(vm, startMillis, lengthMillis),
                            PlainWindow.of(
                                    vm,
                                    startMillis,
                                    lengthMillis,
                                    within(ofVm, startMillis, endMillis),
                                    within(reportsOfVm, startMillis, endMillis),
                                    slots.within(startMillis, endMillis),
                                    curve.before(endMillis)));
                }
            }
        }
        return windows;
    }

    private static final Comparator<Timed<VmSample>> IN_ORDER = Comparator.<Timed<VmSample>>comparingLong(
                    Timed::paneMillis)
            .thenComparingLong(timed -> timed.value().sampledAtMicros())
            .thenComparingInt(timed -> timed.value().hostId().hashCode());

    private static final Comparator<Timed<EpochReport>> REPORTS_IN_ORDER = Comparator.<Timed<EpochReport>>comparingLong(
                    Timed::paneMillis)
            .thenComparingLong(timed -> timed.value().endedAtMicros())
            .thenComparingLong(timed -> timed.value().epoch())
            .thenComparingInt(timed -> timed.value().hostId().hashCode());

    private static List<Object> identity(Inbound inbound) {
        if (inbound instanceof Inbound.Sample sample) {
            VmSample value = sample.sample();
            return List.of("sample", inbound.vmName(), value.hostId(), value.sampledAtMicros());
        }
        EpochReport value = ((Inbound.Report) inbound).report();
        return List.of("report", inbound.vmName(), value.hostId(), value.epoch(), value.endedAtMicros());
    }

    private static Set<Long> starts(
            List<Timed<VmSample>> samples, List<Timed<EpochReport>> reports, long lengthMillis) {
        Set<Long> starts = new HashSet<>();
        samples.forEach(timed -> starts.add(timed.eventMillis() / lengthMillis * lengthMillis));
        reports.forEach(timed -> starts.add(timed.eventMillis() / lengthMillis * lengthMillis));
        return starts;
    }

    private static <T> List<T> within(List<Timed<T>> all, long startMillis, long endMillis) {
        return all.stream()
                .filter(timed -> timed.eventMillis() >= startMillis && timed.eventMillis() < endMillis)
                .map(Timed::value)
                .toList();
    }
}
