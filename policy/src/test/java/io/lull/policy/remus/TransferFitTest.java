package io.lull.policy.remus;

import static io.lull.policy.rival.TestEpoch.MS;
import static io.lull.policy.rival.TestEpoch.report;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TransferFitTest {
    private final TransferState state = new TransferState();

    private boolean ship(long pages, long nanos) {
        return TransferFit.update(state, report(25 * MS, 3 * MS, 3 * MS + nanos, pages));
    }

    @Test
    void beforeTheFirstReportItIsTheLinkOfRemus() {
        assertThat(TransferFit.transferNanos(state, 256)).isCloseTo(15.8e6, within(0.1e6));
        assertThat(TransferFit.transferNanos(state, 1024)).isCloseTo(58.5e6, within(0.1e6));
    }

    @Test
    void learnsALineFromEpochsOfDifferentSizes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            long pages = random.nextInt(2000);
            ship(pages, Math.round((2e6 + 1e4 * pages) * (0.9 + 0.2 * random.nextDouble())));
        }

        for (double pages : new double[] {500, 1000, 4000}) {
            assertThat(TransferFit.transferNanos(state, pages))
                    .as(pages + " pages, seed " + seed)
                    .isCloseTo(2e6 + 1e4 * pages, within(0.2 * (2e6 + 1e4 * pages)));
        }
    }

    @Test
    void epochsOfOneSizeAreTakenAsProportional() {
        for (int i = 0; i < 50; i++) {
            ship(1000, 20 * MS);
        }

        assertThat(state.transferNanos).isZero();
        assertThat(state.transferNanosPerPage).isCloseTo(20_000, within(1.0));
    }

    @Test
    void aLineNeverFallsWithThePagesAndNeverBeginsBelowZero() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            ship(random.nextInt(10) * (long) random.nextInt(500), (long)
                    (random.nextDouble() * random.nextInt(50) * MS));
            assertThat(state.transferNanos).as("seed " + seed).isNotNegative();
            assertThat(state.transferNanosPerPage).as("seed " + seed).isBetween(0.0, 1e12);
        }
    }

    @Test
    void aLineThatWouldBeginBelowZeroIsRightAtTheSizesThatEpochsHave() {
        for (int i = 0; i < 100; i++) {
            long pages = 400 + i % 10 * 20L;
            ship(pages, 30_000 * (pages - 300));
        }

        assertThat(state.transferNanos).isZero();
        assertThat(TransferFit.transferNanos(state, 500)).isCloseTo(6e6, within(1e6));
    }

    @Test
    void followsALinkThatChanges() {
        for (int i = 0; i < 100; i++) {
            ship(500 + i, 10_000L * (500 + i));
        }
        for (int i = 0; i < 100; i++) {
            ship(500 + i, 40_000L * (500 + i));
        }

        assertThat(TransferFit.transferNanos(state, 500)).isCloseTo(20e6, within(4e6));
    }

    @Test
    void saysSoOnlyWhenTheLineHasMoved() {
        assertThat(ship(1000, 20 * MS)).isTrue();
        assertThat(ship(1000, 20 * MS)).isFalse();
        assertThat(ship(1001, 20 * MS + 100_000)).isFalse();
        assertThat(ship(1000, 200 * MS)).isTrue();
    }

    @Test
    void anEpochWithoutAnyPageIsTheConstantPart() {
        for (int i = 0; i < 300; i++) {
            ship(0, 2 * MS);
        }

        assertThat(state.transferNanos).isCloseTo(2 * MS, within(MS / 5));
    }

    @Test
    void turnsATimeIntoThePagesThatShipInIt() {
        assertThat(TransferFit.pagesWithin(state, 57_200_000, 1 << 20)).isEqualTo(1000);
        assertThat(TransferFit.pagesWithin(state, 1, 1 << 20)).isZero();

        state.transferNanosPerPage = 0;
        assertThat(TransferFit.pagesWithin(state, 57_200_000, 1 << 20)).isEqualTo(1 << 20);
    }
}
