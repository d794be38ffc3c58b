package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.page.PrimaryAndBackup.Change;
import io.lull.worker.page.PrimaryAndBackup.Encoded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagePipelineTest {
    private static final long SEED = Long.getLong("lull.test.seed", 20260117L);

    @ParameterizedTest
    @CsvSource({"1,NONE", "2,LZ4", "3,ZSTD", "4,NONE", "1,ZSTD"})
    void bringsTheBackupToExactlyTheGuestsMemory(int threads, ChunkCodec codec) throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(1000, threads, SEED + threads)) {
            for (int checkpoint = 0; checkpoint < 12; checkpoint++) {
                pair.changeSome(checkpoint == 0 ? 1.0 : pair.random.nextDouble());
                int dirty = pair.staged().count();
                Expected expected = Expected.of(pair);
                Encoded encoded = pair.encode(codec);
                List<Integer> changed = pair.apply(encoded.chunks());
                assertThat(PrimaryAndBackup.differingPages(pair.guest, pair.backup))
                        .isEmpty();
                assertThat(changed)
                        .doesNotHaveDuplicates()
                        .hasSize(dirty - encoded.result().unchangedPages());
                expected.check(encoded);
            }
            assertThat(((FullShadow) pair.shadow).knownPages()).isEqualTo(1000);
        }
    }

    @Test
    void encodesPagesThatWereStagedOutOfOrder() throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(300, 2, SEED)) {
            for (int i = 0; i < 300; i++) {
                pair.change(i * 7 % 300, Change.DENSE);
            }
            pair.apply(pair.encode(ChunkCodec.LZ4).chunks());
            assertThat(PrimaryAndBackup.differingPages(pair.guest, pair.backup)).isEmpty();
        }
    }

    @Test
    void applyingAnEpochTwiceOrInPartFirstIsTheSameAsOnce() throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(500, 1, SEED)) {
            pair.changeSome(1.0);
            pair.apply(pair.encode(ChunkCodec.LZ4).chunks());
            pair.changeSome(0.7);
            List<EncodedChunk> chunks = pair.encode(ChunkCodec.LZ4).chunks();
            pair.apply(chunks.subList(0, chunks.size() / 2));
            pair.apply(chunks);
            pair.apply(chunks);
            assertThat(PrimaryAndBackup.differingPages(pair.guest, pair.backup)).isEmpty();
        }
    }

    @Test
    void shipsNothingOfPagesThatTheBackupHoldsByItsHashes() throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(400, 2, SEED);
                PageHashTable hashes = new PageHashTable(400, 99)) {
            pair.changeSome(1.0);
            pair.apply(pair.encode(ChunkCodec.LZ4).chunks());
            hashes.markAll();
            hashes.refresh(pair.backup, pair.workers);
            pair.shadow.forget(Optional.of(hashes));
            for (int page = 0; page < 400; page++) {
                pair.change(page, page % 100 == 0 ? Change.DENSE : Change.NONE);
            }
            Encoded encoded = pair.encode(ChunkCodec.LZ4);
            assertThat(encoded.result().unchangedPages()).isEqualTo(396);
            assertThat(encoded.result().rawPages()).isEqualTo(4);
            pair.apply(encoded.chunks());
            assertThat(PrimaryAndBackup.differingPages(pair.guest, pair.backup)).isEmpty();
            assertThat(((FullShadow) pair.shadow).knownPages()).isEqualTo(400);
            pair.change(7, Change.ONE_WORD);
            assertThat(pair.encode(ChunkCodec.NONE).result().deltaPages()).isEqualTo(1);
        }
    }

    @Test
    void shipsPagesWholeAfterForgettingWithoutHashes() throws Exception {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(200, 1, SEED)) {
            for (int page = 0; page < 200; page++) {
                pair.change(page, Change.DENSE);
            }
            pair.encode(ChunkCodec.NONE);
            pair.shadow.forget(Optional.empty());
            for (int page = 0; page < 200; page++) {
                pair.change(page, Change.NONE);
            }
            Encoded encoded = pair.encode(ChunkCodec.NONE);
            assertThat(encoded.result().rawPages()).isEqualTo(200);
            pair.apply(encoded.chunks());
            assertThat(PrimaryAndBackup.differingPages(pair.guest, pair.backup)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void encodesAnEmptyCheckpointToNothing(int threads) {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(10, threads, SEED)) {
            Encoded encoded = pair.encode(ChunkCodec.LZ4);
            assertThat(encoded.chunks()).isEmpty();
            assertThat(encoded.result().dirtyPages()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aSinkThatFailsEndsThePipeline(int threads) {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(640, threads, SEED)) {
            pair.changeSome(1.0);
            EncodeSettings settings = new EncodeSettings(threads, ChunkCodec.NONE);
            IllegalArgumentException broken = new IllegalArgumentException("the link is gone");
            ChunkSink failing = (codec, pageCount, rawLength, crc32c, payload) -> {
                throw broken;
            };
            assertThatThrownBy(() -> pair.pipeline.encode(pair.staged(), settings, failing))
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(broken);
            assertThatThrownBy(() -> pair.pipeline.encode(
                            pair.staged(), settings, (codec, pageCount, rawLength, crc32c, payload) -> {}))
                    .hasMessageContaining("failed before");
        }
    }

    @Test
    void refusesAPageOutsideTheImageBeforeItEncodesAny() {
        try (PrimaryAndBackup pair = new PrimaryAndBackup(10, 1, SEED)) {
            pair.change(3, Change.DENSE);
            pair.staged().add(10, StagedPages.ZERO_PAGE);
            List<Integer> chunks = new ArrayList<>();
            assertThatThrownBy(() -> pair.pipeline.encode(
                            pair.staged(),
                            new EncodeSettings(1, ChunkCodec.NONE),
                            (codec, pageCount, rawLength, crc32c, payload) -> chunks.add(pageCount)))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("page 10");
            assertThat(chunks).isEmpty();
            assertThat(pair.shadow.content(3)).isEqualTo(Shadow.NOT_HELD);
        }
    }

    /** The counts that a checkpoint should come to, found by comparing the guest's pages with the backup's. */
    private record Expected(int dirty, int unchanged, int zero, int delta, int raw) {
        static Expected of(PrimaryAndBackup pair) {
            int unchanged = 0;
            int zero = 0;
            int delta = 0;
            int raw = 0;
            for (int i = 0; i < pair.staged().count(); i++) {
                int page = pair.staged().page(i);
                boolean known = pair.shadow.content(page) != Shadow.NOT_HELD;
                if (known && PrimaryAndBackup.samePage(pair.guest, pair.backup, page)) {
                    unchanged++;
                } else if (isZero(PrimaryAndBackup.bytes(pair.guest, page))) {
                    zero++;
                } else if (known) {
                    delta++;
                } else {
                    raw++;
                }
            }
            return new Expected(pair.staged().count(), unchanged, zero, delta, raw);
        }

        void check(Encoded encoded) {
            EncodeResult result = encoded.result();
            assertThat(result.dirtyPages()).isEqualTo(dirty);
            assertThat(result.unchangedPages()).isEqualTo(unchanged);
            assertThat(result.zeroPages()).isEqualTo(zero);
            assertThat(result.deltaPages()).isEqualTo(delta);
            assertThat(result.rawPages()).isEqualTo(raw);
            assertThat(result.chunks()).isEqualTo(encoded.chunks().size());
            assertThat(encoded.chunks().stream()
                            .mapToInt(EncodedChunk::pageCount)
                            .sum())
                    .isEqualTo(zero + delta + raw);
            assertThat(encoded.chunks().stream()
                            .mapToLong(EncodedChunk::rawLength)
                            .sum())
                    .isEqualTo(result.deltaBytes());
            assertThat(encoded.chunks().stream()
                            .mapToLong(chunk -> chunk.payload().remaining())
                            .sum())
                    .isEqualTo(result.encodedBytes());
        }

        private static boolean isZero(byte[] page) {
            for (byte b : page) {
                if (b != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
