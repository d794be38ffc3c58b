package io.lull.bench.pages;

import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.EncodeSettings;
import io.lull.worker.page.FullShadow;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PagePipeline;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.page.StagedPages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;

/** How many times smaller the recorded dirty pages become, each way; page lists are counted. */
public final class Compression {
    /** The ways, in the order of the table. */
    public enum Way {
        XBZRLE,
        RAW_PAGE_LZ4,
        DELTA,
        DELTA_LZ4,
        DELTA_ZSTD
    }

    private Compression() {}

    /** The ratio of each way for one workload. */
    public static Map<Way, Double> ratios(String workload) throws IOException {
        Map<Way, Double> ratios = new LinkedHashMap<>();
        try (PagePairs pairs = PagePairs.read(workload)) {
            double bytes = (double) pairs.pages() * PageMemory.PAGE_BYTES;
            ratios.put(Way.XBZRLE, bytes / xbzrle(pairs));
            ratios.put(Way.RAW_PAGE_LZ4, bytes / rawLz4(pairs));
            ratios.put(Way.DELTA, bytes / pipeline(pairs, ChunkCodec.NONE));
            ratios.put(Way.DELTA_LZ4, bytes / pipeline(pairs, ChunkCodec.LZ4));
            ratios.put(Way.DELTA_ZSTD, bytes / pipeline(pairs, ChunkCodec.ZSTD));
        }
        return ratios;
    }

    /** The geometric mean over all workloads. */
    public static Map<Way, Double> geometricMeans(Map<String, Map<Way, Double>> byWorkload) {
        Map<Way, Double> means = new LinkedHashMap<>();
        for (Way way : Way.values()) {
            means.put(
                    way,
                    Math.exp(byWorkload.values().stream()
                            .mapToDouble(ratios -> Math.log(ratios.getOrDefault(way, Double.NaN)))
                            .average()
                            .orElseThrow()));
        }
        return means;
    }

    private static long xbzrle(PagePairs pairs) {
        long bytes = 0;
        try (PageMemory out = PageMemory.anonymous(1)) {
            for (int page = 0; page < pairs.pages(); page++) {
                int size = Xbzrle.encode(
                        pairs.before().address(page), pairs.after().address(page), out.address(0));
                bytes += size == Xbzrle.OVERFLOW ? PageMemory.PAGE_BYTES : size;
            }
        }
        return bytes;
    }

    private static long rawLz4(PagePairs pairs) {
        LZ4Compressor lz4 = LZ4Factory.nativeInstance().fastCompressor();
        ByteBuffer out = ByteBuffer.allocateDirect(lz4.maxCompressedLength(PageMemory.PAGE_BYTES));
        long bytes = 0;
        for (int page = 0; page < pairs.pages(); page++) {
            ByteBuffer now = pairs.after().view(page);
            int size = lz4.compress(now, 0, PageMemory.PAGE_BYTES, out, 0, out.capacity());
            bytes += Math.min(size, PageMemory.PAGE_BYTES);
        }
        return bytes;
    }

    private static long pipeline(PagePairs pairs, ChunkCodec codec) {
        StagedPages staged = pairs.staged();
        try (FullShadow shadow = pairs.shadow();
                PageWorkers workers = new PageWorkers(1, "bench-page");
                PagePipeline pipeline = new PagePipeline(shadow, workers, System::nanoTime)) {
            return pipeline.encode(staged, new EncodeSettings(1, codec), (kind, pages, raw, crc, payload) -> {})
                    .encodedBytes();
        }
    }

    /** Prints the table. */
    public static void main(String[] args) throws IOException {
        Map<String, Map<Way, Double>> byWorkload = new LinkedHashMap<>();
        System.out.printf("%-10s", "");
        for (Way way : Way.values()) {
            System.out.printf(" %13s", way);
        }
        System.out.println();
        for (String workload : PagePairs.WORKLOADS) {
            byWorkload.put(workload, ratios(workload));
            print(workload, byWorkload.getOrDefault(workload, Map.of()));
        }
        print("geo. mean", geometricMeans(byWorkload));
    }

    private static void print(String name, Map<Way, Double> ratios) {
        System.out.printf("%-10s", name);
        ratios.values().forEach(ratio -> System.out.printf(" %13.2f", ratio));
        System.out.println();
    }
}
