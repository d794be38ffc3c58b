package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.Digest;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.protocol.Layout;
import io.lull.worker.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a primary may have hashed: no page that isn't there, and no more pages than there are. */
class CheckedDigestTest {
    private static final int PAGES = 100;

    private static Digest checked(Digest.Range... ranges) throws ProtocolException {
        return EpochIntake.checkedDigest(new Digest(List.of(ranges)).frame(1).payload(), PAGES);
    }

    private static void assertRefused(String why, Digest.Range... ranges) {
        assertThatThrownBy(() -> checked(ranges))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(FrameType.DIGEST.name())
                .hasMessageContaining(why);
    }

    private static Digest.Range range(int firstPage, int pages) {
        return new Digest.Range(firstPage, pages, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 100", "99, 1", "50, 50"})
    void whatLiesInTheImageIsHashed(int firstPage, int pages) throws Exception {
        assertThat(checked(range(firstPage, pages)).ranges()).containsExactly(range(firstPage, pages));
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
    void whatReachesBeyondItIsRefused(int firstPage, int pages) {
        assertThat(Layout.MAX_PAGES).as("what the hostile values are made for").isEqualTo(1 << 28);
        assertRefused("of an image of 100 pages", range(firstPage, pages));
        assertRefused("of an image of 100 pages", range(0, 1), range(firstPage, pages), range(0, 1));
    }

    @Test
    void morePagesThanItHasAreRefusedEvenIfEachRangeLiesInIt() throws Exception {
        assertThat(checked(range(0, 50), range(50, 50)).ranges()).hasSize(2);
        assertThat(checked(range(0, 50), range(0, 50)).ranges())
                .as("twice the same")
                .hasSize(2);
        assertRefused("101 pages together", range(0, 50), range(50, 50), range(7, 1));
        assertRefused("200 pages together", range(0, 100), range(0, 100));
    }

    @Test
    void aSumThatOverflowsAnIntIsNoSmallSum() {
        int most = (int) Layout.MAX_PAGES;
        // Sixteen times the most pages are 0 in 32 bits, and so are sixty-four times.
        for (int count : new int[] {8, 16, Digest.MAX_RANGES}) {
            Digest digest = new Digest(Collections.nCopies(count, range(0, most)));
            assertThatThrownBy(() -> EpochIntake.checkedDigest(digest.frame(1).payload(), most))
                    .as("%d ranges", count)
                    .hasMessageContaining((long) count * most + " pages together");
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
