package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.StagedPages;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pause allocates nothing on the thread that captures: a collector never has a reason to run in one. A session with a
 * backup, a gate that holds frames and a disk, all as in a worker, over a QEMU that the test plays.
 */
@Timeout(120)
class CaptureAllocationTest {
    private static final int WARM_UP = 200;
    private static final int MEASURED = 500;
    /**
     * The thread that makes a method hot enough for C2 first has the texts of the method's class made, once a class (HotSpot's
     * CompileBroker::compile_method). That is no doing of the method's; without C2 no pause allocates anything.
     */
    private static final int MOST_OF_THE_COMPILER = MEASURED / 50;

    @TempDir
    Path folder;

    @Test
    void fromReplyToResumeNothingIsAllocated() throws Exception {
        long[] bytes = measure(CaptureTap.NONE);

        assertThat(bytes).hasSize(MEASURED);
        assertThat(Arrays.stream(bytes).filter(each -> each > 0).count())
                .as("pauses that allocated, of %s", Arrays.toString(bytes))
                .isLessThanOrEqualTo(MOST_OF_THE_COMPILER);
    }

    @Test
    void oneObjectInThePauseWouldBeSeen() throws Exception {
        long[] bytes = measure(new CaptureTap() {
            private volatile Object kept = this;

            @Override
            public void captured(long epoch, StagedPages pages) {
                kept = new Object();
            }
        });

        assertThat(bytes).hasSize(MEASURED).doesNotContain(0);
    }

    private long[] measure(CaptureTap tap) throws Exception {
        try (PlayedSession played = new PlayedSession(folder, tap)) {
            for (int epoch = 1; epoch <= WARM_UP + MEASURED; epoch++) {
                played.checkpoint(epoch);
            }
            return played.meter().bytesAfter(WARM_UP);
        }
    }
}
