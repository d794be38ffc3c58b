package io.lull.bench.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.PageMemory;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class XbzrleTest {
    private static final long SEED = Long.getLong("lull.test.seed", 71L);
    private static final int PAGE = PageMemory.PAGE_BYTES;

    private final PageMemory memory = PageMemory.anonymous(3);
    private final ByteBuffer before = memory.view(0);
    private final ByteBuffer now = memory.view(1);
    private final ByteBuffer out = memory.view(2);

    @AfterEach
    void free() {
        memory.close();
    }

    @Test
    void writesTheDocumentedBytes() {
        now.put(3, (byte) 1).put(4, (byte) 2).put(300, (byte) 9);
        // 3 unchanged, 2 changed; 295 unchanged (0xA7 0x02), 1 changed.
        assertThat(out.slice(0, encode())).isEqualTo(ByteBuffer.wrap(new byte[] {3, 2, 1, 2, (byte) 0xA7, 2, 1, 9}));
    }

    @Test
    void writesNothingForAnUnchangedPage() {
        assertThat(encode()).isZero();
    }

    @Test
    void overflowsOnAPageThatChangedAllOver() {
        for (int i = 0; i < PAGE; i++) {
            now.put(i, (byte) 1);
        }
        assertThat(encode()).isEqualTo(Xbzrle.OVERFLOW);
    }

    @Test
    void restoresRandomPages() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        byte[] content = new byte[PAGE];
        for (int round = 0; round < 5000; round++) {
            random.nextBytes(content);
            before.put(0, content);
            now.put(0, content);
            for (int i = random.nextInt(200); i >= 0; i--) {
                int at = random.nextInt(PAGE);
                int end = random.nextInt(4) == 0 ? Math.min(PAGE, at + random.nextInt(40)) : at + 1;
                for (; at < end; at++) {
                    now.put(at, (byte) random.nextInt());
                }
            }
            int length = encode();
            assertThat(length).isNotEqualTo(Xbzrle.OVERFLOW);
            Xbzrle.decode(memory.address(2), length, memory.address(0));
            assertThat(before).isEqualTo(now);
        }
    }

    private int encode() {
        return Xbzrle.encode(memory.address(0), memory.address(1), memory.address(2));
    }
}
