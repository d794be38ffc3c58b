package io.lull.bench.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class XbzrleTest {
    private static final long SEED = Long.getLong("lull.test.seed", 71L);
    private static final int PAGE = 4096;

    @Test
    void writesTheDocumentedBytes() {
        ByteBuffer before = page();
        ByteBuffer now = page();
        now.put(3, (byte) 1).put(4, (byte) 2).put(300, (byte) 9);
        ByteBuffer out = ByteBuffer.allocate(PAGE);
        int length = Xbzrle.encode(before, now, out);
        // 3 unchanged, 2 changed; 295 unchanged (0xA7 0x02), 1 changed.
        assertThat(out.limit(length).slice()).isEqualTo(ByteBuffer.wrap(new byte[] {3, 2, 1, 2, (byte) 0xA7, 2, 1, 9}));
    }

    @Test
    void writesNothingForAnUnchangedPage() {
        assertThat(Xbzrle.encode(page(), page(), ByteBuffer.allocate(PAGE))).isZero();
    }

    @Test
    void overflowsOnAPageThatChangedAllOver() {
        ByteBuffer now = page();
        for (int i = 0; i < PAGE; i++) {
            now.put(i, (byte) 1);
        }
        assertThat(Xbzrle.encode(page(), now, ByteBuffer.allocate(PAGE))).isEqualTo(Xbzrle.OVERFLOW);
    }

    @Test
    void restoresRandomPages() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        for (int round = 0; round < 5000; round++) {
            ByteBuffer before = page();
            random.nextBytes(before.array());
            ByteBuffer now = page().put(before.array()).clear();
            for (int i = random.nextInt(200); i >= 0; i--) {
                now.put(random.nextInt(PAGE), (byte) random.nextInt());
            }
            ByteBuffer out = ByteBuffer.allocate(PAGE);
            int length = Xbzrle.encode(before, now, out);
            assertThat(length).isNotEqualTo(Xbzrle.OVERFLOW);
            Xbzrle.decode(out, length, before);
            assertThat(before).isEqualTo(now);
        }
    }

    private static ByteBuffer page() {
        return ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    }
}
