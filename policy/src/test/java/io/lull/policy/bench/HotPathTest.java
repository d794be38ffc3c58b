package io.lull.policy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class HotPathTest {
    private static final int STEPS = 100_000;

    @Test
    void aSampleAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        HotPath path = new HotPath(1);
        long thread = Thread.currentThread().getId();
        long ended = run(path);
        threads.getThreadAllocatedBytes(thread);

        long before = threads.getThreadAllocatedBytes(thread);
        ended += run(path);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;

        assertThat(ended).isPositive();
        // Not a tenth of a byte a sample: what the measurement itself allocates.
        assertThat(allocated).isLessThan(STEPS / 10);
    }

    private static long run(HotPath path) {
        long ended = 0;
        for (int i = 0; i < STEPS; i++) {
            ended += path.step().isPresent() ? 1 : 0;
        }
        return ended;
    }
}
