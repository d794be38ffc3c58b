package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The backups of a process share what memory it has for redo logs. */
class SlabPoolTest {
    private static final int SLAB = SlabPool.SLAB_BYTES;

    @TempDir
    Path directory;

    private final SlabStock stock = new SlabStock(3L * SLAB);

    @Test
    void aBackupHasNoMoreThanItsShareAndAllHaveNoMoreThanTheStock() {
        SlabPool one = new SlabPool(2L * SLAB, stock);
        SlabPool other = new SlabPool(2L * SLAB, stock);
        ByteBuffer first = one.take().orElseThrow();
        assertThat(one.take()).isPresent();
        assertThat(one.take()).as("its share is in use").isEmpty();
        assertThat(other.take()).isPresent();
        assertThat(other.take()).as("the stock is in use").isEmpty();
        one.give(first);
        assertThat(other.take()).as("what one gave back").contains(first);
    }

    @Test
    void manyBackupsWithBigEpochsKeepThemAllAndSpillWhatTheStockHasNoRoomFor() throws Exception {
        List<EpochLog> epochs = new ArrayList<>();
        for (int vm = 0; vm < 8; vm++) {
            epochs.add(epochOf(vm, new SlabPool(2L * SLAB, stock)));
        }
        assertThat(stock.take()).as("all slabs are in use").isEmpty();
        for (int vm = 0; vm < 8; vm++) {
            byte mark = (byte) vm;
            int[] records = {0};
            epochs.get(vm).forEach((type, body) -> {
                records[0]++;
                assertThat(DiskWrite.decode(body).data().get(0)).isEqualTo(mark);
            });
            assertThat(records).containsExactly(12);
            epochs.get(vm).close();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(stock.take()).as("given back once it is applied").isPresent();
        }
    }

    private EpochLog epochOf(int vm, SlabPool slabs) throws Exception {
        RedoLog redo = new RedoLog(slabs, new RedoBudget(8L * SLAB), directory, 1);
        int[] crcs = new int[12];
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
                .isLessThanOrEqualTo(Math.max(SLAB, SlabStock.directMemoryBytes() / 2));
    }
}
