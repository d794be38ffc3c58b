package io.lull.producer.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DirtyApportionerTest {
    private static final long SEED = Long.getLong("lull.seed", 20261123);

    @Test
    void vcpusThatDidNotRunShareEvenly() {
        assertThat(new DirtyApportioner(4).split(8)).containsExactly(2, 2, 2, 2);
    }

    @Test
    void runTimesCountAnewAfterASplit() {
        DirtyApportioner apportioner = new DirtyApportioner(2);
        apportioner.ran(0, 1_000);
        assertThat(apportioner.split(10)).containsExactly(10, 0);
        apportioner.ran(1, 1);
        assertThat(apportioner.split(10)).containsExactly(0, 10);
    }

    @Test
    void aVmWithoutVcpusHasNoShares() {
        assertThat(new DirtyApportioner(0).split(10)).isEmpty();
    }

    @Test
    void sharesAddUpAndAreOffByLessThanOnePageOrRoundingOfTheirTotal() {
        System.out.println("DirtyApportionerTest seed " + SEED + " (-Dlull.seed=)");
        Random random = new Random(SEED);
        for (int round = 0; round < 2000; round++) {
            int vcpus = 1 + random.nextInt(24);
            DirtyApportioner apportioner = new DirtyApportioner(vcpus);
            long[] ran = random.longs(vcpus, 0, 1_000_000).toArray();
            for (int i = 0; i < vcpus; i++) {
                apportioner.ran(i, ran[i]);
            }
            long dirtyPages = random.nextInt(1_000_000);
            long total = Arrays.stream(ran).sum();
            long[] shares = apportioner.split(dirtyPages);
            assertThat(Arrays.stream(shares).sum()).isEqualTo(dirtyPages);
            for (int i = 0; i < vcpus && total > 0; i++) {
                assertThat(shares[i]).isNotNegative();
                assertThat(Math.abs(shares[i] - dirtyPages * (double) ran[i] / total))
                        .isLessThan(1.001);
            }
        }
    }
}
