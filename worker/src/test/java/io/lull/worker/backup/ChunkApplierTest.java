package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.page.ChunkCodec;
import io.lull.worker.page.EncodedChunk;
import io.lull.worker.page.PageMemory;
import io.lull.worker.page.PageWorkers;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameType;
import io.lull.worker.ship.PageFrames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An epoch's pages end up in the image as the guest had them last, on however many threads. */
@Timeout(60)
class ChunkApplierTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final long LIMIT_BYTES = 64 << 20;
    private static final int THREADS = 4;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final TestVm vm = new TestVm(SEED);
    private final PageMemory image = PageMemory.anonymous(TestVm.PAGES);
    private final PageWorkers workers = new PageWorkers(THREADS, "applier-test");
    private final ChunkApplier applier = new ChunkApplier(image);
    private final BitSet changed = new BitSet();
    private RedoSlots slots;

    ChunkApplierTest() {
        System.out.println("ChunkApplierTest: -Dlull.seed=" + SEED);
    }

    @BeforeEach
    void open() {
        slots = new RedoSlots(
                directory, new SlabPool(LIMIT_BYTES, new SlabStock(LIMIT_BYTES)), 0, new java.util.UUID(1, 1), 0);
        byte[] old = new byte[PageMemory.PAGE_BYTES];
        for (int page = 0; page < TestVm.PAGES; page++) {
            random.nextBytes(old);
            image.view(page).put(old);
        }
    }

    @AfterEach
    void close() {
        slots.close();
        workers.close();
        image.close();
        vm.close();
    }

    @RepeatedTest(10)
    void anEpochInWhichEachPageComesOnceIsAppliedOnSeveralThreads() throws Exception {
        List<Frame> frames = pagesOf(vm.whole(1, ChunkCodec.NONE));
        Collections.shuffle(frames, random);
        apply(frames);
        assertThat(TestVm.bytes(image, TestVm.PAGES)).isEqualTo(vm.snapshot());
        assertThat(changed.cardinality()).isEqualTo(TestVm.PAGES);
    }

    @RepeatedTest(10)
    void ofAPageThatComesTwiceTheLaterContentStays() throws Exception {
        List<Frame> frames = pagesOf(vm.whole(1, ChunkCodec.NONE));
        frames.addAll(pagesOf(vm.epoch(1, ChunkCodec.NONE)));
        frames.addAll(pagesOf(vm.epoch(1, ChunkCodec.NONE)));
        apply(frames);
        assertThat(TestVm.bytes(image, TestVm.PAGES)).isEqualTo(vm.snapshot());
        assertThat(changed.cardinality()).isEqualTo(TestVm.PAGES);
    }

    private static List<Frame> pagesOf(List<Frame> epoch) {
        return new ArrayList<>(epoch.stream()
                .filter(frame -> frame.header().type() == FrameType.PAGES)
                .toList());
    }

    private void apply(List<Frame> frames) throws IOException {
        EpochLog epoch = slots.begin(1);
        List<Frame> numbered = new ArrayList<>();
        for (Frame frame : frames) {
            EncodedChunk chunk = new EncodedChunk(
                    ChunkCodec.NONE,
                    frame.header().pages(),
                    frame.payload().remaining(),
                    frame.header().crc32c(),
                    frame.payload());
            numbered.add(PageFrames.frame(chunk, 1, numbered.size()));
        }
        for (Frame frame : numbered) {
            epoch.append(frame.header(), frame.payload());
        }
        epoch.seal(EpochEnd.decode(vm.end(1, numbered).payload()));
        Thread caller = Thread.currentThread();
        applier.apply(epoch, workers, page -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            changed.set(page);
        });
        epoch.close();
    }
}
