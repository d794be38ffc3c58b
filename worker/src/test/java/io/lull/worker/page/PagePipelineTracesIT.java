package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compression of the recorded dirty pages of real guests; needs the traces and fails without them. */
@Tag("traces")
class PagePipelineTracesIT {
    /** A floor below what the layout reaches with LZ4, 12.4; single pages under plain LZ4 come to about 3. */
    private static final double LEAST_MEAN_RATIO = 12.0;

    @Test
    void compressesTheRecordedPagesTwelvefoldAndRestoresThem() throws Exception {
        double logSum = 0;
        for (String workload : PagePairs.WORKLOADS) {
            EncodeResult result = encodeAndRestore(workload);
            double bytes = (double) result.dirtyPages() * PageMemory.PAGE_BYTES;
            double ratio = bytes / result.encodedBytes();
            System.out.printf(
                    "%-8s %d pages, delta %.1f, LZ4 %.1f%n",
                    workload, result.dirtyPages(), bytes / result.deltaBytes(), ratio);
            logSum += Math.log(ratio);
        }
        double mean = Math.exp(logSum / PagePairs.WORKLOADS.size());
        System.out.printf("geometric mean %.2f%n", mean);
        assertThat(mean).isGreaterThanOrEqualTo(LEAST_MEAN_RATIO);
    }

    private static EncodeResult encodeAndRestore(String workload) throws IOException {
        try (PagePairs pairs = PagePairs.read(workload);
                PageMemory shadowMemory = PageMemory.anonymous(pairs.pages());
                PageMemory image = PageMemory.anonymous(pairs.pages());
                PageWorkers workers = new PageWorkers(1, "test-traces")) {
            Shadow shadow = new Shadow(shadowMemory);
            pairs.rewind(shadow);
            for (int page = 0; page < pairs.pages(); page++) {
                image.view(page).put(pairs.before.view(page));
            }
            StagedPages staged = new StagedPages(pairs.pages());
            pairs.stage(staged);
            PageDecoder decoder = new PageDecoder();
            EncodeResult result = new PagePipeline(shadow, workers, System::nanoTime)
                    .encode(staged, new EncodeSettings(1, ChunkCodec.LZ4), chunk -> restore(decoder, chunk, image));
            assertThat(PrimaryAndBackup.differingPages(pairs.after, image)).isEmpty();
            assertThat(result.unchangedPages()).isZero();
            return result;
        }
    }

    private static void restore(PageDecoder decoder, EncodedChunk chunk, PageMemory image) {
        try {
            PageDecoder.apply(decoder.unpack(chunk), image, page -> {});
        } catch (PageFormatException e) {
            throw new AssertionError("the decoder refuses what the encoder made", e);
        }
    }
}
