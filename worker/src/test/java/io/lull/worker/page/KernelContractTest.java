package io.lull.worker.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kernel must do, against a plain reading of the format; the recorded pages are in deploy/bench/pages. */
class KernelContractTest {
    private static final long SEED = Long.getLong("lull.test.seed", 5150L);
    private static final int ROUNDS = 3000;
    private static final byte CANARY = 0x5C;

    static Stream<KernelChoice.Kind> kernels() {
        return KernelChoice.available().stream();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void writesExactlyTheChangedWordsAndBringsTheOldPageUpToDate(KernelChoice.Kind kind) {
        System.out.println("seed " + SEED + ", kernel " + kind);
        Random random = new Random(SEED);
        DeltaKernel kernel = KernelChoice.create(kind);
        try (PageMemory now = PageMemory.anonymous(1);
                PageMemory before = PageMemory.anonymous(1);
                PageMemory out = PageMemory.anonymous(4)) {
            for (int round = 0; round < ROUNDS; round++) {
                change(now.view(0), before.view(0), random);
                OffHeap.fill(out.address(0), 4L * PageMemory.PAGE_BYTES, CANARY);
                check(kernel, now, before, out);
            }
        }
    }

    private static void change(ByteBuffer now, ByteBuffer before, Random random) {
        byte[] page = new byte[PageMemory.PAGE_BYTES];
        random.nextBytes(page);
        now.put(0, page);
        before.put(0, page);
        int changes = random.nextInt(5) == 0 ? random.nextInt(600) : random.nextInt(12);
        for (int i = 0; i < changes; i++) {
            // Single bits, the lowest and the highest of a word among them.
            int at = random.nextInt(PageMemory.PAGE_BYTES);
            now.put(at, (byte) (now.get(at) ^ 1 << random.nextInt(8)));
        }
    }

    private static void check(DeltaKernel kernel, PageMemory now, PageMemory before, PageMemory out) {
        long lines = 0;
        ByteBuffer masks = ByteBuffer.allocate(64);
        ByteBuffer words = ByteBuffer.allocate(4096).order(before.view(0).order());
        for (int line = 0; line < 64; line++) {
            int mask = 0;
            for (int word = 0; word < 8; word++) {
                long value = now.view(0).getLong(line * 64 + word * 8);
                if (value != before.view(0).getLong(line * 64 + word * 8)) {
                    mask |= 1 << word;
                    words.putLong(value);
                }
            }
            if (mask != 0) {
                lines |= 1L << line;
                masks.put((byte) mask);
            }
        }
        assertThat(kernel.changedLines(now.address(0), before.address(0))).isEqualTo(lines);
        long wordsAt = out.address(1);
        long end = kernel.writeChanged(now.address(0), before.address(0), lines, out.address(0), wordsAt);
        assertThat(end - wordsAt).isEqualTo(words.position());
        assertThat(out.view(0).limit(masks.position() + 1))
                .isEqualTo(ByteBuffer.allocate(masks.position() + 1)
                        .put(masks.flip())
                        .put(CANARY)
                        .flip());
        assertThat(OffHeap.buffer(wordsAt, words.position())).isEqualTo(words.flip());
        assertThat(OffHeap.buffer(wordsAt + words.limit() + DeltaKernel.SLACK_BYTES, 64))
                .isEqualTo(ByteBuffer.wrap(PrimaryAndBackup.filled(64, CANARY)));
        assertThat(before.view(0)).isEqualTo(now.view(0));
        assertThat(kernel.changedLines(now.address(0), before.address(0))).isZero();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void tellsAZeroPageFromOneWithASingleBit(KernelChoice.Kind kind) {
        DeltaKernel kernel = KernelChoice.create(kind);
        try (PageMemory page = PageMemory.anonymous(1)) {
            assertThat(kernel.isZero(page.address(0))).isTrue();
            for (int at = 0; at < PageMemory.PAGE_BYTES; at++) {
                page.view(0).put(at, (byte) (1 << at % 8));
                assertThat(kernel.isZero(page.address(0))).as("byte %d", at).isFalse();
                page.view(0).put(at, (byte) 0);
            }
        }
    }

    @Test
    void theChosenKernelIsTheFastestThatWorksHere() {
        List<KernelChoice.Kind> available = KernelChoice.available();
        assertThat(available).contains(KernelChoice.Kind.UNSAFE, KernelChoice.Kind.BUFFER);
        assertThat(KernelChoice.kind()).isEqualTo(available.get(0));
    }

    /** Without it a vector kernel that had come to be unusable would be passed over in silence by all of the above. */
    @Test
    @EnabledForJreRange(minVersion = 25, disabledReason = "run on a JDK 25 by a build with LULL_JDK25")
    void onAJdkThatHasVectorsOnlyTheirWidthSpeaksAgainstThem() {
        if (!KernelChoice.available().contains(KernelChoice.Kind.VECTOR)) {
            assertThatThrownBy(() -> KernelChoice.create(KernelChoice.Kind.VECTOR))
                    .hasMessageMatching(".*vectors of \\d+ bits.*");
            abort("this machine has no vectors of 512 bits: the vector kernel is not tested");
        }
        assertThat(KernelChoice.kind()).isEqualTo(KernelChoice.Kind.VECTOR);
    }

    @ParameterizedTest
    @EnumSource(KernelChoice.Kind.class)
    void aKernelThatDoesNotWorkHereSaysWhy(KernelChoice.Kind kind) {
        if (KernelChoice.available().contains(kind)) {
            assertThat(KernelChoice.create(kind)).isNotNull();
        } else {
            assertThatThrownBy(() -> KernelChoice.create(kind))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching(".*(no JDK 25|needs Java 25|bits|add-modules).*");
        }
    }
}
