package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import net.openhft.hashing.LongTupleHashFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageHashTableTest {
    private static final long SEED = Long.getLong("lull.test.seed", 4711L);
    private static final long HASH_SEED = 0x5eed;
    private static final int PAGES = 10_000;

    private final Random random = new Random(SEED);
    private final PageMemory image = randomImage();
    private final PageWorkers alone = new PageWorkers(1, "test-hash");
    private final PageWorkers three = new PageWorkers(3, "test-hash");
    private final PageHashTable table = new PageHashTable(PAGES, HASH_SEED);
    private final PageHashTable other = new PageHashTable(PAGES, HASH_SEED);

    @AfterEach
    void close() {
        three.close();
        alone.close();
        table.close();
        other.close();
        image.close();
    }

    @Test
    void holdsTheXxh3HashOfEveryPageHoweverManyThreadsBuildIt() {
        rebuild(table, alone);
        rebuild(other, three);
        LongTupleHashFunction xxh3 = LongTupleHashFunction.xx128(HASH_SEED);
        for (int page = 0; page < PAGES; page++) {
            long[] expected = xxh3.hashBytes(PrimaryAndBackup.bytes(image, page));
            assertThat(table.hash(page)).isEqualTo(new PageDigest(expected[0], expected[1]));
        }
        assertThat(table.differences(other, 0, 10)).isEmpty();
    }

    @Test
    void refreshingTheMarkedPagesIsTheSameAsRebuilding() {
        rebuild(table, three);
        for (int i = 0; i < 700; i++) {
            int page = random.nextInt(PAGES);
            image.view(page).putLong(8 * random.nextInt(512), random.nextLong());
            table.mark(page);
        }
        table.refresh(image, three);
        rebuild(other, alone);
        assertThat(table.differences(other, 0, 10)).isEmpty();
    }

    @Test
    void beginsAsTheTableOfAZeroImage() {
        try (PageMemory zeros = PageMemory.anonymous(PAGES)) {
            other.markAll();
            other.refresh(zeros, alone);
            assertThat(table.differences(other, 0, 10)).isEmpty();
        }
    }

    @Test
    void listsDifferingPagesAsBoundedRangesThatCanBeContinued() {
        rebuild(table, three);
        rebuild(other, three);
        for (int page : new int[] {0, 17, 18, 19, 5000, PAGES - 1}) {
            image.view(page).putLong(0, ~image.view(page).getLong(0));
            other.mark(page);
        }
        other.refresh(image, alone);
        List<PageRange> first = table.differences(other, 0, 2);
        assertThat(first).containsExactly(new PageRange(0, 1), new PageRange(17, 3));
        assertThat(table.differences(other, first.get(1).endPage(), 5))
                .containsExactly(new PageRange(5000, 1), new PageRange(PAGES - 1, 1));
        assertThat(table.digest(new PageRange(20, 4980))).isEqualTo(other.digest(new PageRange(20, 4980)));
        assertThat(table.digest(new PageRange(20, 4981))).isNotEqualTo(other.digest(new PageRange(20, 4981)));
    }

    @Test
    void travelsInSlices() {
        rebuild(table, three);
        ByteBuffer slice = ByteBuffer.allocate(3000 * PageHashTable.HASH_BYTES);
        for (int from = 0; from < PAGES; from += 3000) {
            PageRange range = new PageRange(from, Math.min(3000, PAGES - from));
            slice.clear();
            table.exportTo(slice, range);
            assertThat(slice.position()).isEqualTo(range.count() * PageHashTable.HASH_BYTES);
            slice.flip();
            other.importFrom(slice, range);
            assertThat(slice.hasRemaining()).isFalse();
        }
        assertThat(table.differences(other, 0, 1)).isEmpty();
    }

    @Test
    void refusesToAnswerWhileMarksArePending() {
        table.mark(3);
        assertThatThrownBy(() -> table.hash(4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 pages changed");
        assertThatThrownBy(() -> table.digest(new PageRange(3, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("page 3 changed");
        assertThat(table.digest(new PageRange(4, 9))).isEqualTo(other.digest(new PageRange(4, 9)));
        assertThatThrownBy(() -> other.differences(table, 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> table.mark(PAGES)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void anotherSeedGivesOtherHashes() {
        try (PageHashTable seeded = new PageHashTable(PAGES, HASH_SEED + 1)) {
            assertThat(seeded.differences(table, 0, 10)).containsExactly(new PageRange(0, PAGES));
        }
    }

    private void rebuild(PageHashTable target, PageWorkers workers) {
        target.markAll();
        target.refresh(image, workers);
    }

    private PageMemory randomImage() {
        System.out.println("seed " + SEED);
        PageMemory memory = PageMemory.anonymous(PAGES);
        byte[] content = new byte[PageMemory.PAGE_BYTES];
        for (int page = 0; page < PAGES; page++) {
            if (random.nextInt(4) != 0) {
                random.nextBytes(content);
                memory.view(page).put(content);
            }
        }
        return memory;
    }
}
