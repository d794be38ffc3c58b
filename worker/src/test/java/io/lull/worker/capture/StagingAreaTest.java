package io.lull.worker.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.page.OffHeap;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.StagedPages;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StagingAreaTest {
    private static final int SEGMENT_PAGES = StagingArea.SEGMENT_BYTES / PageMemory.PAGE_BYTES;

    private static long buffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getCount)
                .sum();
    }

    private static void stage(StagingArea area, int count) throws CaptureException {
        for (int page = 0; page < count; page++) {
            area.add(page, StagedPages.ZERO_PAGE);
        }
    }

    @Test
    void makesNoSegmentInAPauseWhoseCheckpointGrewByLessThanHalf() throws Exception {
        StagingArea area = new StagingArea(4L * StagingArea.SEGMENT_BYTES, 4 * SEGMENT_PAGES);
        area.firstSegment();
        stage(area, SEGMENT_PAGES / 2 + 1);
        area.reset();
        long made = buffers();
        area.firstSegment();
        area.nextSegment();

        assertThat(buffers()).as("made in the pause").isEqualTo(made);
        area.nextSegment();
        assertThat(buffers())
                .as("a checkpoint that grew more than that makes its own")
                .isEqualTo(made + 1);
    }

    @Test
    void makesNoSegmentForCheckpointsThatNeedNone() throws Exception {
        StagingArea area = new StagingArea(4L * StagingArea.SEGMENT_BYTES, 4 * SEGMENT_PAGES);
        long made = buffers();
        for (int i = 0; i < 10; i++) {
            area.firstSegment();
            stage(area, SEGMENT_PAGES / 2);
            area.reset();
        }

        assertThat(buffers()).isEqualTo(made);
    }

    @Test
    void givesBackWhatNoCheckpointNeededForLong() throws Exception {
        // Classes that are loaded then may have a buffer of their own.
        new StagingArea(1, 1).addPadded(0, OffHeap.address(ByteBuffer.allocateDirect(1)), 1);
        StagingArea area = new StagingArea(8L * StagingArea.SEGMENT_BYTES, 8 * SEGMENT_PAGES);
        area.firstSegment();
        for (int i = 1; i < 6; i++) {
            area.nextSegment();
        }
        area.reset();
        long made = buffers();
        for (int i = 1; i < StagingArea.QUIET_CHECKPOINTS; i++) {
            area.firstSegment();
            area.reset();
            area.reset();
        }
        assertThat(buffers()).as("a large checkpoint may come again").isEqualTo(made);

        area.firstSegment();
        area.reset();
        assertThat(area.segments()).isEqualTo(2);
        assertThat(buffers()).isEqualTo(made - 4);

        area.shrink();
        assertThat(area.segments()).isEqualTo(1);
    }

    @Test
    void neverMakesMoreThanItsLimit() throws Exception {
        StagingArea area = new StagingArea(1, 4 * SEGMENT_PAGES);
        for (int i = 0; i < 5; i++) {
            stage(area, 2 * SEGMENT_PAGES + 1);
            area.reset();
        }
        area.firstSegment();
        area.nextSegment();

        assertThatThrownBy(area::nextSegment)
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("staged bytes");
    }
}
