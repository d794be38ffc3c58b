package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.metrics.PlainWindows.Mistake;
import io.lull.policy.signal.WindowMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The windows of the job, through Flink's own operator, against {@link PlainWindows} over the same arrivals. */
class WindowsEqualBruteForceTest {
    private static final int STREAMS = Integer.getInteger("lull.streams", 1000);
    private static final int RESTORED_EACH = 5;

    /** Of how many streams each mistake must be found in one at least. */
    private static final int MISTAKEN_STREAMS = 20;

    /** With a restart before the event at {@code restartAt}, if there is one. */
    private static List<WindowMetrics> windowsOf(SeededStream stream, int restartAt) throws Exception {
        List<SeededStream.Event> events = stream.events();
        List<WindowMetrics> windows = new ArrayList<>();
        try (MetricsHarness first = new MetricsHarness()) {
            run(List.of(first), events.subList(0, restartAt));
            windows.addAll(first.windows());
            if (restartAt < events.size()) {
                List<MetricsHarness> next = MetricsHarness.rescaled(
                        first.snapshot(), events.get(restartAt).clockMillis(), 2);
                run(next, events.subList(restartAt, events.size()));
                for (MetricsHarness harness : next) {
                    windows.addAll(harness.windows());
                    harness.close();
                }
            }
        }
        return windows;
    }

    private static void run(List<MetricsHarness> subtasks, List<SeededStream.Event> events) throws Exception {
        for (SeededStream.Event event : events) {
            for (MetricsHarness subtask : subtasks) {
                subtask.clock(event.clockMillis());
                if (event instanceof SeededStream.Event.Watermark watermark) {
                    subtask.watermark(watermark.atMillis());
                } else if (event instanceof SeededStream.Event.Came came
                        && subtask.owns(came.inbound().vmName())) {
                    subtask.send(came.inbound());
                }
            }
        }
    }

    /** Where no VM is silent, in the middle or later; at the end if that is nowhere. */
    private static int restartOf(SeededStream stream) {
        List<SeededStream.Event> events = stream.events();
        PlainWindows plain = new PlainWindows(new PlainWindows.Rules(Mistake.NONE));
        for (int i = 0; i < events.size(); i++) {
            plain.clock(events.get(i).clockMillis());
            if (i >= events.size() / 2 && plain.allAreHeard()) {
                return i;
            }
            take(plain, events.get(i));
        }
        return events.size();
    }

    private static PlainWindows plain(SeededStream stream, Mistake mistake, int restartAt) {
        List<SeededStream.Event> events = stream.events();
        PlainWindows plain = new PlainWindows(new PlainWindows.Rules(mistake));
        for (int i = 0; i < events.size(); i++) {
            plain.clock(events.get(i).clockMillis());
            if (i == restartAt) {
                plain.restart();
            }
            take(plain, events.get(i));
        }
        return plain;
    }

    private static void take(PlainWindows plain, SeededStream.Event event) {
        if (event instanceof SeededStream.Event.Watermark watermark) {
            plain.watermark(watermark.atMillis());
        } else if (event instanceof SeededStream.Event.Came came) {
            plain.take(came.inbound());
        }
    }

    private static List<String> differences(
            Map<PlainWindows.Name, WindowMetrics> expected, List<WindowMetrics> actual) {
        List<String> found = new ArrayList<>();
        Map<PlainWindows.Name, WindowMetrics> left = new HashMap<>(expected);
        for (WindowMetrics window : actual) {
            PlainWindows.Name name = new PlainWindows.Name(
                    window.vm().value(), window.windowStartMicros() / 1000, window.windowNanos() / 1_000_000);
            WindowMetrics wanted = left.remove(name);
            if (wanted == null) {
                found.add(name + " came, and should not or not again");
            } else {
                Differences.between(wanted, window).forEach(difference -> found.add(name + " " + difference));
            }
        }
        left.keySet().forEach(name -> found.add(name + " did not come"));
        return found;
    }

    @Test
    void onAThousandSeededStreams() throws Exception {
        long firstSeed = Long.getLong("lull.seed", 20_000);
        System.out.println("windows against brute force: " + STREAMS + " seeds from " + firstSeed
                + " (-Dlull.streams, -Dlull.seed)");
        Map<String, Long> seen = new TreeMap<>();
        int restarts = 0;
        for (long seed = firstSeed; seed < firstSeed + STREAMS; seed++) {
            SeededStream stream = new SeededStream(seed);
            int end = stream.events().size();
            int restartAt = seed % RESTORED_EACH == 0 ? restartOf(stream) : end;
            PlainWindows plain = plain(stream, Mistake.NONE, restartAt);
            List<WindowMetrics> windows = windowsOf(stream, restartAt);

            assertThat(differences(plain.windows(), windows))
                    .as("seed %s", seed)
                    .isEmpty();
            seen.merge("events", (long) stream.events().size(), Long::sum);
            seen.merge("late", (long) plain.late(), Long::sum);
            restarts += restartAt < end ? 1 : 0;
            seen.merge("early", (long) plain.early(), Long::sum);
            seen.merge("repeated", (long) plain.repeated(), Long::sum);
            seen.merge("windows", (long) windows.size(), Long::sum);
            seen.merge("idle slots", slots(windows), Long::sum);
        }
        System.out.println("windows against brute force: " + seen);
        assertThat(restarts).as("streams with a restart").isGreaterThan(STREAMS / RESTORED_EACH / 2);
        assertThat(seen).allSatisfy((what, count) -> assertThat(count).as(what).isGreaterThan(STREAMS));
    }

    private static long slots(List<WindowMetrics> windows) {
        return windows.stream()
                .flatMap(window -> window.load().stream())
                .mapToLong(load -> load.idle().slots())
                .sum();
    }

    @ParameterizedTest
    @EnumSource(value = Mistake.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theComparisonFindsEachMistake(Mistake mistake) throws Exception {
        int found = 0;
        for (long seed = 1; seed <= MISTAKEN_STREAMS; seed++) {
            SeededStream stream = new SeededStream(seed);
            int end = stream.events().size();
            found += differences(plain(stream, mistake, end).windows(), windowsOf(stream, end))
                            .isEmpty()
                    ? 0
                    : 1;
        }
        assertThat(found).as("streams in which it is found").isPositive();
    }
}
