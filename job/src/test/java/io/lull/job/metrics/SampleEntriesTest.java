package io.lull.job.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.job.state.PackedWriter;
import io.lull.policy.IdleRule;
import io.lull.policy.signal.IdleSlotDetector;
import io.lull.policy.signal.IdleState;
import io.lull.policy.signal.SampleView;
import io.lull.policy.signal.VacantThreshold;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleEntriesTest {
    private static final long[] EXTREMES = {0, 1, 127, 128, 1L << 40, Long.MAX_VALUE - 1, Long.MAX_VALUE};

    private final SampleEntries entries = new SampleEntries();
    private final PackedWriter entry = new PackedWriter();

    private void append(EntryLog log, SampleView sample, int host) {
        entries.write(entry, log, sample, host);
        entries.append(entry, log, sample, host);
    }

    private static SampleView sample(Random random, boolean absurd) {
        SampleView sample = new SampleView();
        sample.sampledAtMicros = absurd ? any(random) : 1_700_000_000_000_000L + random.nextInt(100_000);
        sample.epoch = absurd ? any(random) : random.nextInt(3);
        sample.intervalNanos = Math.max(1, absurd ? any(random) : random.nextInt(3_000_000));
        sample.elapsedNanos = absurd ? any(random) : random.nextInt(30_000_000);
        sample.vcpus = random.nextInt(4);
        sample.busyRatio = random.nextBoolean() ? 0.3 * random.nextDouble() : random.nextDouble();
        sample.txPackets = random.nextInt(2);
        sample.rxPackets = random.nextInt(2);
        sample.openPackets = random.nextInt(3);
        sample.diskInFlight = random.nextInt(4) / 3;
        sample.requestsPending = random.nextInt(2);
        return sample;
    }

    /** As it is kept, but for whether it is counted. */
    private static SampleView inWholeMicros(SampleView sample) {
        boolean counts = IdleSlotDetector.counts(sample, IdleRule.DEFAULT);
        sample.intervalNanos = 1000 * SampleEntries.intervalMicros(sample.intervalNanos);
        sample.elapsedNanos = counts ? Long.MAX_VALUE : 0;
        return sample;
    }

    private static long any(Random random) {
        return EXTREMES[random.nextInt(EXTREMES.length)];
    }

    @Test
    void tellTheDetectorAllThatTheSamplesWould() {
        for (long seed = 1; seed <= 600; seed++) {
            Random random = new Random(seed);
            // Those of a savepoint from before the logs had a format are read and written as they were.
            EntryLog log = seed <= 300 ? EntryLog.begun() : new EntryLog();
            List<SampleView> samples = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                SampleView sample = sample(random, seed % 3 == 0);
                samples.add(sample);
                append(log, sample, random.nextInt(3));
            }
            IdleRule rule = IdleRule.DEFAULT.withBusyRatio(0.25 * random.nextDouble());
            IdleState expected = new IdleState();
            IdleState actual = new IdleState();
            SampleTable table = new SampleTable();
            table.clear();
            entries.open(log);
            for (SampleView sample : samples) {
                assertThat(entries.next()).isTrue();
                entries.addTo(table);
                int row = table.rows() - 1;
                SampleView view = new SampleView();
                SampleEntries.load(view, table, row);
                boolean vacant = VacantThreshold.isVacant(sample);
                IdleSlotDetector.update(expected, log.format == 0 ? sample : inWholeMicros(sample), rule);
                IdleSlotDetector.update(actual, view, rule);

                assertThat(view.sampledAtMicros).as("seed %s", seed).isEqualTo(sample.sampledAtMicros);
                assertThat(actual.verdict).as("seed %s", seed).isEqualTo(expected.verdict);
                assertThat(actual.idleNanos).as("seed %s", seed).isEqualTo(expected.idleNanos);
                assertThat(actual.quietNanos).as("seed %s", seed).isEqualTo(expected.quietNanos);
                assertThat(SampleEntries.isVacant(table, row))
                        .as("seed %s", seed)
                        .isEqualTo(vacant);
            }
            assertThat(entries.next()).isFalse();
        }
    }

    @Test
    void knowWhoseAndWhenTheyAre() {
        EntryLog log = EntryLog.begun();
        SampleView sample = new SampleView();
        for (long at : new long[] {5_000, 7_000, 6_000, 6_001}) {
            sample.sampledAtMicros = at;
            append(log, sample, "host-1".hashCode());
        }
        sample.sampledAtMicros = 6_500;
        append(log, sample, "host-2".hashCode());

        assertThat(entries.contains(log, 6_000, "host-1".hashCode())).isTrue();
        assertThat(entries.contains(log, 6_000, "host-2".hashCode())).isFalse();
        assertThat(entries.contains(log, 6_500, "host-2".hashCode())).isTrue();
        assertThat(entries.contains(log, 6_500, "host-1".hashCode())).isFalse();
        assertThat(log.reaches(7_000)).isTrue();
        assertThat(log.reaches(7_001)).isFalse();
    }

    @Test
    void areBroughtIntoTheOrderOfTimeAndHost() {
        SampleTable table = new SampleTable();
        table.clear();
        long[] at = {3, 1, 2, 2, 1};
        int[] host = {0, 0, 9, 4, 7};
        for (int i = 0; i < at.length; i++) {
            table.add(at[i], host[i], 0, 0, 0, 1, 1);
        }
        table.sort();

        assertThat(new int[] {table.inOrder(0), table.inOrder(1), table.inOrder(2), table.inOrder(3), table.inOrder(4)})
                .containsExactly(1, 4, 3, 2, 0);
    }
}
