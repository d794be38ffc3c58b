package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.PrimaryAndBackup.Change;
import io.lull.worker.page.PrimaryAndBackup.Encoded;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeanShadowTest {
    private static final long SEED = Long.getLong("lull.test.seed", 31337L);
    private static final int PAGES = 1000;

    @ParameterizedTest
    @CsvSource({"0,1", "0,3", "64,1", "300,3", "1000,2"})
    void bringsTheBackupToExactlyTheGuestsMemoryAndKnowsItsHashes(int held, int threads) throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(new LeanShadow(PAGES, SEED, held), threads, SEED + held);
                PageHashTable backup = new PageHashTable(PAGES, SEED)) {
            for (int checkpoint = 0; checkpoint < 15; checkpoint++) {
                pair.changeSome(checkpoint == 0 ? 1.0 : pair.random.nextDouble() * 0.6);
                pair.apply(pair.encode(ChunkCodec.LZ4).chunks());
                assertThat(PrimaryAndBackup.differingPages(pair.guest, pair.backup))
                        .isEmpty();
                backup.markAll();
                backup.refresh(pair.backup, pair.workers);
                assertThat(pair.shadow.digest(new PageRange(0, PAGES), pair.workers))
                        .isEqualTo(backup.digest(new PageRange(0, PAGES)));
            }
        }
    }

    @Test
    void sendsPagesThatWereDirtyLatelyAsDeltasAndOthersWhole() throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(new LeanShadow(PAGES, SEED, 100), 1, SEED)) {
            changeAll(pair, 0, 100, Change.DENSE);
            assertThat(pair.encode(ChunkCodec.NONE).result().rawPages()).isEqualTo(100);
            changeAll(pair, 50, 150, Change.ONE_WORD);
            EncodeResult second = pair.encode(ChunkCodec.NONE).result();
            assertThat(second.deltaPages()).isEqualTo(50);
            assertThat(second.rawPages()).isEqualTo(50);
            // Pages 0 to 49 were dirty longest ago and made room.
            changeAll(pair, 0, 10, Change.ONE_WORD);
            assertThat(pair.encode(ChunkCodec.NONE).result().rawPages()).isEqualTo(10);
            changeAll(pair, 60, 160, Change.ONE_WORD);
            assertThat(pair.encode(ChunkCodec.NONE).result().deltaPages()).isEqualTo(90);
        }
    }

    @Test
    void aCheckpointLargerThanTheBoundKeepsItsFirstPages() throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(new LeanShadow(PAGES, SEED, 100), 2, SEED)) {
            changeAll(pair, 0, 1000, Change.DENSE);
            pair.apply(pair.encode(ChunkCodec.NONE).chunks());
            changeAll(pair, 0, 1000, Change.ONE_WORD);
            Encoded encoded = pair.encode(ChunkCodec.NONE);
            pair.apply(encoded.chunks());
            assertThat(encoded.result().deltaPages()).isEqualTo(100);
            assertThat(PrimaryAndBackup.differingPages(pair.guest, pair.backup)).isEmpty();
        }
    }

    @Test
    void dropsUnchangedPagesByTheirHashAloneAlsoAfterALostConnection() throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(new LeanShadow(PAGES, SEED, 0), 1, SEED);
                PageHashTable backup = new PageHashTable(PAGES, SEED)) {
            pair.changeSome(1.0);
            pair.apply(pair.encode(ChunkCodec.LZ4).chunks());
            changeAll(pair, 0, PAGES, Change.NONE);
            assertThat(pair.encode(ChunkCodec.LZ4).result().unchangedPages()).isEqualTo(PAGES);
            backup.markAll();
            backup.refresh(pair.backup, pair.workers);
            pair.shadow.forget(Optional.of(backup));
            changeAll(pair, 0, PAGES, Change.NONE);
            assertThat(pair.encode(ChunkCodec.LZ4).result().unchangedPages()).isEqualTo(PAGES);
            pair.shadow.forget(Optional.empty());
            changeAll(pair, 0, PAGES, Change.NONE);
            assertThat(pair.encode(ChunkCodec.LZ4).result().unchangedPages()).isZero();
        }
    }

    @Test
    void knowsOfPagesThatAreNotSentAgainThatTheBackupHasThemAsBefore() throws Exception {
        for (Shadow shadow : List.of(new FullShadow(PAGES, SEED), new LeanShadow(PAGES, SEED, 100))) {
            try (PrimaryAndBackup pair = new PrimaryAndBackup(shadow, 2, SEED);
                    PageHashTable backup = new PageHashTable(PAGES, SEED)) {
                pair.changeSome(1.0);
                pair.apply(pair.encode(ChunkCodec.LZ4).chunks());
                refresh(backup, pair);
                shadow.forget(Optional.of(backup));
                changeAll(pair, 100, 700, Change.SPARSE);
                pair.apply(pair.encode(ChunkCodec.LZ4).chunks());

                refresh(backup, pair);
                PageRange all = new PageRange(0, PAGES);
                assertThat(shadow.digest(all, pair.workers)).isEqualTo(backup.digest(all));
            }
        }
    }

    private static void refresh(PageHashTable hashes, PrimaryAndBackup pair) {
        hashes.markAll();
        hashes.refresh(pair.backup, pair.workers);
    }

    private static void changeAll(PrimaryAndBackup pair, int from, int end, Change change) {
        for (int page = from; page < end; page++) {
            pair.change(page, change);
        }
    }
}
