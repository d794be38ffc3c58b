package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.limit.DirectMemory;
import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.FrameHeader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The backups of a process share what it may map for redo logs. */
class SlabPoolTest {
    private static final int SLAB = SlabPool.SLAB_BYTES;
    /** Of some quarter of a slab each: six slabs of them. */
    private static final int RECORDS = 24;

    @TempDir
    Path directory;

    private final SlabStock stock = new SlabStock(3L * SLAB);

    @Test
    void aBackupHasNoMoreThanItsShareAndAllHaveNoMoreThanTheStock() {
        SlabPool one = new SlabPool(2L * SLAB, stock);
        SlabPool other = new SlabPool(2L * SLAB, stock);
        assertThat(one.take()).isTrue();
        assertThat(one.take()).isTrue();
        assertThat(one.take()).as("its share is in use").isFalse();
        assertThat(other.take()).isTrue();
        assertThat(other.take()).as("the stock is in use").isFalse();
        one.give();
        assertThat(other.take()).as("what one gave back").isTrue();
    }

    @Test
    void anEpochThatIsLeftToTheNextProcessGivesItsShareBackAndKeepsItsFile() throws Exception {
        EpochLog epoch = epochOf(1, new SlabPool(3L * SLAB, stock));
        epoch.promise(new UUID(1, 1), 1, new UUID(2, 2), new UUID(3, 3));
        epoch.leave();
        for (int i = 0; i < 3; i++) {
            assertThat(stock.take()).as("given back, though it isn't applied").isTrue();
        }
        try (EpochLog left = EpochLog.left(
                        RedoSlot.left(directory.resolve("vm-1/redo-0.slot")),
                        ByteBuffer.allocate(FrameHeader.MAX_BODY_BYTES),
                        IndexStock.ofThisProcess())
                .orElseThrow()) {
            assertThat(left.records()).isEqualTo(RECORDS);
        }
    }

    @Test
    void manyBackupsWithBigEpochsKeepThemAllAndWriteWhatMayNotBeMapped() throws Exception {
        List<EpochLog> epochs = new ArrayList<>();
        for (int vm = 0; vm < 8; vm++) {
            epochs.add(epochOf(vm, new SlabPool(2L * SLAB, stock)));
        }
        assertThat(stock.take()).as("all are in use").isFalse();
        for (int vm = 0; vm < 8; vm++) {
            byte mark = (byte) vm;
            int[] records = {0};
            epochs.get(vm).forEach((type, body) -> {
                records[0]++;
                assertThat(DiskWrite.decode(body).data().get(0)).isEqualTo(mark);
            });
            assertThat(records).containsExactly(RECORDS);
            epochs.get(vm).close();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(stock.take()).as("given back once it is applied").isTrue();
        }
    }

    private EpochLog epochOf(int vm, SlabPool slabs) throws Exception {
        Path own = Files.createDirectory(directory.resolve("vm-" + vm));
        RedoLog redo = new RedoLog(new RedoSlots(own, slabs, 0, new UUID(1, vm), 0), new RedoBudget(8L * SLAB), 1);
        int[] crcs = new int[RECORDS];
        long bytes = 0;
        for (int i = 0; i < crcs.length; i++) {
            byte[] data = new byte[250_000];
            data[0] = (byte) vm;
            Frame frame = new DiskWrite(0, ByteBuffer.wrap(data)).frame(1, i);
            redo.append(frame.header(), frame.payload());
            crcs[i] = frame.header().crc32c();
            bytes += frame.payload().remaining();
        }
        return redo.end(1, new EpochEnd(crcs.length, EpochEnd.rollingCrc(crcs, crcs.length), 1, 0, bytes));
    }

    @Test
    void theProcesssStockLeavesHalfOfItsDirectMemoryToOthers() {
        assertThat(SlabStock.ofThisProcess()).isSameAs(SlabStock.ofThisProcess());
        assertThat(SlabStock.ofThisProcess().maxBytes())
                .isPositive()
                .isLessThanOrEqualTo(Math.max(SLAB, DirectMemory.maxBytes() / 2));
    }
}
