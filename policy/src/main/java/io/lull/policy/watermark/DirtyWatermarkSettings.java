package io.lull.policy.watermark;

import io.lull.policy.Checks;
import java.util.OptionalLong;

/**
 * The parameters of {@link DirtyWatermarkPolicy}. The source names no value, so both are swept.
 *
 * @param transferNanos T: the time that shipping an epoch may take
 * @param maxDirtyPages D_max; when empty it is learned, so that transfer(D_max) = T
 */
public record DirtyWatermarkSettings(long transferNanos, OptionalLong maxDirtyPages) {
    /** As many pages as ship in 25 ms. */
    public static final DirtyWatermarkSettings DEFAULT = learned(25_000_000);

    public DirtyWatermarkSettings {
        Checks.positive("transferNanos", transferNanos);
        maxDirtyPages.ifPresent(pages -> Checks.positive("maxDirtyPages", pages));
    }

    /** A watermark at what ships in {@code transferNanos}. */
    public static DirtyWatermarkSettings learned(long transferNanos) {
        return new DirtyWatermarkSettings(transferNanos, OptionalLong.empty());
    }

    /** A watermark at {@code pages}, however long they take to ship. */
    public static DirtyWatermarkSettings fixed(long pages) {
        return new DirtyWatermarkSettings(DEFAULT.transferNanos(), OptionalLong.of(pages));
    }
}
