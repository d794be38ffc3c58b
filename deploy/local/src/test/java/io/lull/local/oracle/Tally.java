package io.lull.local.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link CommitOracle} has found.
 *
 * @param epochs how many commits were compared
 * @param pages of memory, all epochs together
 * @param blocks of 4096 bytes of disk, all epochs together
 * @param epochsWithStalePages in order
 * @param epochsWithDifferingBlocks in order
 */
record Tally(
        int epochs,
        Compared pages,
        Compared blocks,
        List<Long> epochsWithStalePages,
        List<Long> epochsWithDifferingBlocks) {
    static final Tally NONE = new Tally(0, new Compared(0, 0), new Compared(0, 0), List.of(), List.of());

    /** How many were compared, and how many of them differ. */
    record Compared(long count, long different) {
        Compared plus(Compared more) {
            return new Compared(count + more.count, different + more.different);
        }
    }

    Tally with(long epoch, Compared morePages, Compared moreBlocks) {
        return new Tally(
                epochs + 1,
                pages.plus(morePages),
                blocks.plus(moreBlocks),
                noted(epochsWithStalePages, epoch, morePages),
                noted(epochsWithDifferingBlocks, epoch, moreBlocks));
    }

    private static List<Long> noted(List<Long> before, long epoch, Compared found) {
        if (found.different == 0) {
            return before;
        }
        List<Long> all = new ArrayList<>(before);
        all.add(epoch);
        return all;
    }
}
