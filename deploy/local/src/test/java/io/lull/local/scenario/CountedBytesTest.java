package io.lull.local.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.local.scenario.Verdicts.Verdict;
import io.lull.policy.signal.EpochReport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two counts of the same bytes that must agree, in both directions. */
class CountedBytesTest {
    private static final long PAGES = 100;
    private static final long SHIPPED = 5_000;
    private static final String AGREE = "the backup received as many bytes as the primary shipped, within 5 %";

    @Test
    void onlyTheEpochsBetweenTheTwoLooksCountAndEachOnce() {
        List<EpochReport> reports = new ArrayList<>(reports(1, 30));
        reports.add(Epochs.of(15, PAGES, SHIPPED));

        CountedBytes counted = CountedBytes.between(count(10, 0), count(20, 10 * SHIPPED), reports);

        assertThat(counted)
                .isEqualTo(new CountedBytes(10, 10, 10 * SHIPPED, 10 * SHIPPED, 10 * PAGES * Epochs.PAGE_BYTES));
        assertThat(failed(counted)).isEmpty();
    }

    @Test
    void aBackupThatCountsFewerOrMoreBytesThanWereShippedIsFlagged() {
        long shipped = 10 * SHIPPED;

        assertThat(failed(received(shipped * 94 / 100))).containsExactly(AGREE);
        assertThat(failed(received(shipped * 106 / 100))).containsExactly(AGREE);
        assertThat(failed(received(shipped * 96 / 100))).isEmpty();
    }

    @Test
    void aBackupThatCountsNothingIsFlaggedTwice() {
        assertThat(failed(received(0)))
                .containsExactly(AGREE, "by the backup's count, its pages came in at least 8 times fewer bytes");
    }

    @Test
    void anEpochWithoutAReportIsFlagged() {
        CountedBytes counted = CountedBytes.between(count(0, 0), count(100, 100 * SHIPPED), reports(1, 99));

        assertThat(failed(counted)).containsExactly("each epoch that the backup committed was reported");
    }

    @Test
    void lessThanEightTimesFewerBytesIsFlaggedByTheBackupsOwnCount() {
        long tooMany = 10 * PAGES * Epochs.PAGE_BYTES / 7;
        List<EpochReport> reports = new ArrayList<>();
        for (long epoch = 1; epoch <= 10; epoch++) {
            reports.add(Epochs.of(epoch, PAGES, tooMany / 10));
        }

        CountedBytes counted = CountedBytes.between(count(0, 0), count(10, tooMany), reports);

        assertThat(failed(counted))
                .containsExactly("by the backup's count, its pages came in at least 8 times fewer bytes");
    }

    private static CountedBytes received(long receivedBytes) {
        return CountedBytes.between(count(0, 0), count(10, receivedBytes), reports(1, 10));
    }

    private static BackupCount count(long epoch, long receivedBytes) {
        return new BackupCount(epoch, epoch * PAGES * Epochs.PAGE_BYTES, receivedBytes);
    }

    private static List<EpochReport> reports(long first, long last) {
        List<EpochReport> reports = new ArrayList<>();
        for (long epoch = first; epoch <= last; epoch++) {
            reports.add(Epochs.of(epoch, PAGES, SHIPPED));
        }
        return reports;
    }

    private static List<String> failed(CountedBytes counted) {
        Verdicts verdicts = new Verdicts();
        counted.judge(verdicts);
        return verdicts.all().stream()
                .filter(verdict -> !verdict.held())
                .map(Verdict::claim)
                .toList();
    }
}
