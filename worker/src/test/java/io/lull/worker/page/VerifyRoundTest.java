package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyRoundTest {
    private static final long SEED = Long.getLong("lull.test.seed", System.nanoTime());
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long EPOCH_NANOS = 7_000_000;
    private static final int PAGES = 1_000;
    private static final int RATE = 2_000;

    @Test
    void goesRoundAllPagesInOrderAtTheRate() {
        VerifyRound round = new VerifyRound(PAGES, RATE, 0);
        int next = 0;
        long verified = 0;
        for (long now = EPOCH_NANOS; now <= 10 * SECOND_NANOS; now += EPOCH_NANOS) {
            Optional<PageRange> slice = take(round, now);
            if (slice.isPresent()) {
                assertThat(slice.get().firstPage()).isEqualTo(next);
                next = slice.get().endPage() % PAGES;
                verified += slice.get().count();
            }
        }
        assertThat(verified).isBetween(10L * RATE - 2 * RATE * EPOCH_NANOS / SECOND_NANOS, 10L * RATE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 8192, VerifyRound.MAX_PAGES_PER_SECOND})
    void aLongWaitGivesOneFullSliceAndNoMore(long rate) {
        VerifyRound round = new VerifyRound(1 << 20, rate, -5);
        long late = 1_000_000 * SECOND_NANOS;
        assertThat(take(round, late)).contains(new PageRange(0, VerifyRound.MAX_SLICE_PAGES));
        assertThat(take(round, late)).isEmpty();
        assertThat(take(round, late + SECOND_NANOS / rate + 1)).contains(new PageRange(VerifyRound.MAX_SLICE_PAGES, 1));
    }

    @Test
    void aRateOfZeroVerifiesNothingAndOthersAreRefused() {
        assertThat(new VerifyRound(PAGES, 0, 0).take(1, Long.MAX_VALUE)).isEmpty();
        assertThatThrownBy(() -> new VerifyRound(PAGES, VerifyRound.MAX_PAGES_PER_SECOND + 1L, 0))
                .hasMessageContaining("1048577 a second");
        assertThatThrownBy(() -> new VerifyRound(PAGES, -1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aGuestThatDirtiesItsPagesGivesNoFalseAlarmAndABitThatFlipsInAQuietPageIsFoundWithinOneRound(boolean lean)
            throws Exception {
        Shadow shadow = lean ? new LeanShadow(PAGES, SEED, 100) : new FullShadow(PAGES, SEED);
        try (PrimaryAndBackup pair = new PrimaryAndBackup(shadow, 2, SEED);
                PageHashTable hashes = new PageHashTable(PAGES, SEED)) {
            pair.changeSome(1.0);
            pair.apply(pair.encode(ChunkCodec.LZ4).chunks());
            VerifyRound round = new VerifyRound(PAGES, RATE, 0);
            long now = 0;
            while (now < 5L * SECOND_NANOS * PAGES / RATE) {
                now += EPOCH_NANOS;
                pair.changeSome(pair.random.nextDouble() * 0.2);
                pair.apply(pair.encode(ChunkCodec.LZ4).chunks());
                // The guest runs on meanwhile.
                pair.guest.view(pair.random.nextInt(PAGES)).putLong(0, 1);
                assertThat(different(take(round, now), pair, hashes)).isEmpty();
            }
            int quiet = pair.random.nextInt(PAGES);
            int at = pair.random.nextInt(PageMemory.PAGE_BYTES);
            pair.backup.view(quiet).put(at, (byte) (pair.backup.view(quiet).get(at) ^ 1 << pair.random.nextInt(8)));
            long flippedAt = now;
            List<PageRange> found = new ArrayList<>();
            while (found.isEmpty() && now < flippedAt + SECOND_NANOS * PAGES / RATE + 2 * EPOCH_NANOS) {
                now += EPOCH_NANOS;
                different(take(round, now), pair, hashes).ifPresent(found::add);
            }
            assertThat(found).singleElement().satisfies(slice -> assertThat(quiet)
                    .isBetween(slice.firstPage(), slice.endPage() - 1));
        }
    }

    @Test
    void aSliceThatTheBackupCouldNotCompareComesAgainBeforeTheNext() {
        VerifyRound round = new VerifyRound(PAGES, RATE, 0);
        PageRange first = round.take(1, SECOND_NANOS / 10).orElseThrow();
        PageRange second = round.take(2, 2 * SECOND_NANOS / 10).orElseThrow();
        round.answered(2, true);
        round.answered(1, false);
        assertThat(round.take(3, 2 * SECOND_NANOS / 10 + 1))
                .as("the rate holds for it too")
                .isEmpty();
        assertThat(round.take(3, 4 * SECOND_NANOS / 10)).contains(first);
        round.answered(3, true);
        round.answered(3, false);
        assertThat(round.take(4, 5 * SECOND_NANOS / 10).orElseThrow().firstPage())
                .as("an answer counts once")
                .isEqualTo(second.endPage());
    }

    @Test
    void aBackupThatDoesNotAnswerIsAskedForNoMore() {
        VerifyRound round = new VerifyRound(1 << 20, VerifyRound.MAX_PAGES_PER_SECOND, 0);
        for (int epoch = 1; epoch <= VerifyRound.MAX_UNANSWERED; epoch++) {
            assertThat(round.take(epoch, epoch * SECOND_NANOS)).isPresent();
        }
        assertThat(round.take(100, 100 * SECOND_NANOS)).isEmpty();
        round.answered(1, true);
        assertThat(round.take(100, 100 * SECOND_NANOS)).isPresent();
    }

    /** From a backup that compares each at once. */
    private static Optional<PageRange> take(VerifyRound round, long nowNanos) {
        Optional<PageRange> slice = round.take(nowNanos, nowNanos);
        round.answered(nowNanos, true);
        return slice;
    }

    /** The slice, if the backup's memory is not what the primary holds it to be. */
    private static Optional<PageRange> different(
            Optional<PageRange> slice, PrimaryAndBackup pair, PageHashTable hashes) {
        return slice.filter(pages -> {
            hashes.refresh(pair.backup, pages, pair.workers);
            return !hashes.digest(pages).equals(pair.shadow.digest(pages, pair.workers));
        });
    }
}
