package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.ProtocolException;
import io.lull.worker.protocol.Verified;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a primary may have hashed: no page that isn't there, and no more pages than there are. */
class ImageHashesTest {
    private static final int PAGES = 100;
    private static final long SEED = 5;

    private final PageMemory image = PageMemory.anonymous(PAGES);
    private final PageWorkers workers = new PageWorkers(1, "test");
    private final ImageHashes hashes = new ImageHashes(image, false, SEED, workers);

    @AfterEach
    void free() {
        hashes.close();
        workers.close();
        image.close();
    }

    private static Digest digest(Digest.Range... ranges) {
        return new Digest(List.of(ranges));
    }

    private static Digest.Range range(int firstPage, int pages) {
        return new Digest.Range(firstPage, pages, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 100", "99, 1", "50, 50"})
    void coversWhatLiesInTheImage(int firstPage, int pages) {
        assertThat(hashes.covers(digest(range(firstPage, pages)))).isTrue();
        assertThat(hashes.verify(digest(range(firstPage, pages))).result()).isEqualTo(Verified.Result.DIFFERENT);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 1",
        "99, 2",
        "0, 101",
        "1, 100",
        // The last page that a layout can have at all, alone and as the end of the longest range.
        "268435455, 1",
        "0, 268435456",
        "1, 268435455",
        "134217728, 134217728"
    })
    void doesNotCoverWhatReachesBeyondIt(int firstPage, int pages) {
        assertThat(Layout.MAX_PAGES).as("what the hostile values are made for").isEqualTo(1 << 28);
        assertThat(hashes.covers(digest(range(firstPage, pages)))).isFalse();
        assertThat(hashes.covers(digest(range(0, 1), range(firstPage, pages), range(0, 1))))
                .as("among good ones")
                .isFalse();
    }

    @Test
    void doesNotCoverMorePagesThanItHasEvenIfEachRangeLiesInIt() {
        assertThat(hashes.covers(digest(range(0, 50), range(50, 50)))).isTrue();
        assertThat(hashes.covers(digest(range(0, 50), range(0, 50))))
                .as("twice the same")
                .isTrue();
        assertThat(hashes.covers(digest(range(0, 50), range(50, 50), range(7, 1))))
                .isFalse();
        assertThat(hashes.covers(digest(range(0, 100), range(0, 100)))).isFalse();
    }

    @Test
    void aSumThatOverflowsAnIntIsNoSmallSum() {
        // Sixteen times the most pages are 0 in 32 bits, and so are sixty-four times.
        for (int count : new int[] {8, 16, Digest.MAX_RANGES}) {
            Digest.Range[] ranges =
                    Collections.nCopies(count, range(0, (int) Layout.MAX_PAGES)).toArray(Digest.Range[]::new);
            assertThat(hashes.covers(digest(ranges))).as("%d ranges", count).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1",
        "-2147483648, 1",
        "0, 0",
        "0, -1",
        "5, -2147483648",
        "-2147483648, -2147483648",
        "2147483647, 1",
        "2147483647, 2147483647",
        "1, 2147483647",
        "268435456, 1",
        "268435455, 2"
    })
    void aRangeThatNoImageCanHaveIsNoDigestAtAll(int firstPage, int pages) {
        byte[] body = ByteBuffer.allocate(28)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(1)
                .putInt(firstPage)
                .putInt(pages)
                .array();

        assertThatThrownBy(() -> Digest.decode(ByteBuffer.wrap(body)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(FrameType.DIGEST.name())
                .hasMessageContaining("range");
    }

    @Test
    void asManyRangesAsTheirCountSaysOrNoDigest() {
        for (int count : new int[] {0, 2, 65, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            byte[] body = Arrays.copyOf(
                    ByteBuffer.allocate(4)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(count)
                            .array(),
                    28);
            assertThatThrownBy(() -> Digest.decode(ByteBuffer.wrap(body)))
                    .as("count %d", count)
                    .isInstanceOf(ProtocolException.class);
        }
    }
}
