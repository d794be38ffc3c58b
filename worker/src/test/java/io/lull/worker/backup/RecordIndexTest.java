package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records may be many and tiny, and where each is must be kept in the heap that all backups of a process share. */
@Timeout(60)
class RecordIndexTest {
    private static final int OWN = RecordIndex.OWN_RECORDS;
    private static final int PIECE = RecordIndex.PIECE_RECORDS;
    /** Of a record: the place on the disk, and one number. */
    private static final int BODY_BYTES = 2 * Long.BYTES;

    @TempDir
    Path directory;

    private final IndexStock stock = new IndexStock(3L * RecordIndex.PIECE_BYTES);
    private final RedoBudget budget = new RedoBudget(64 << 20);

    @Test
    void aTinyRecordTakesOfTheBudgetWhatIsKeptBesideItsBody() throws Exception {
        RedoLog redo = new RedoLog(slots("own"), budget, 1);
        append(redo, write(1, 0));

        assertThat(budget.usedBytes()).isEqualTo(BODY_BYTES + RedoHead.BYTES + RecordIndex.RECORD_BYTES);
        RedoLog other = new RedoLog(slots("other"), new RedoBudget(10 * BODY_BYTES), 1);
        assertThatThrownBy(() -> appendAll(other, 1, 10))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("open epochs hold");
        redo.discard();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void anEpochThatFindsNoHeapForItsIndexEndsItsSessionByNoFaultOfThePrimarys() throws Exception {
        RedoLog redo = new RedoLog(slots("own"), budget, 1);
        appendAll(redo, 1, OWN);
        assertThat(stock.usedBytes()).as("of usual epochs nobody is asked").isZero();

        assertThatThrownBy(() -> appendAll(redo, 2, OWN + 3 * PIECE + 1))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ProtocolException.class)
                .hasMessageContaining("epoch 2")
                .hasMessageContaining("LULL_HEAP");
        assertThat(stock.usedBytes()).isEqualTo(stock.maxBytes());
        appendAll(new RedoLog(slots("other"), budget, 1), 1, OWN);
        redo.discard();
        assertThat(stock.usedBytes()).as("given back").isZero();
    }

    @Test
    void anEpochWaitsForTheHeapOfSealedOnesThatAreYetToBeApplied() throws Exception {
        RedoLog redo = new RedoLog(slots("own"), budget, 1);
        EpochLog sealed = epoch(redo, 1, OWN + 3 * PIECE);
        CompletableFuture<Void> waiter = CompletableFuture.runAsync(() -> {
            try {
                appendAll(redo, 2, OWN + 1);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(waiter).isNotDone();

        sealed.close();
        budget.give(sealed.bytes());
        waiter.get(10, TimeUnit.SECONDS);
        assertThat(stock.usedBytes()).isEqualTo(RecordIndex.PIECE_BYTES);
    }

    @Test
    void anEpochThatRestsHasNoIndexAndTheSameRecordsAfterIt() throws Exception {
        for (int records : new int[] {100, OWN + 2 * PIECE}) {
            EpochLog epoch = promised("of-" + records, records);
            epoch.dropIndex();
            assertThat(stock.usedBytes()).isZero();
            epoch.rest();
            assertThatThrownBy(() -> epoch.type(0)).isInstanceOf(IndexOutOfBoundsException.class);
            epoch.wake();
            assertHolds(epoch, records);
            epoch.close();
        }
    }

    @Test
    void onlyAnEpochWhoseIndexNeedsNoAskingDropsItToRest() throws Exception {
        EpochLog usual = promised("usual", OWN);
        usual.rest();
        assertThatThrownBy(() -> usual.type(0)).isInstanceOf(IndexOutOfBoundsException.class);
        EpochLog big = promised("big", OWN + 1);
        big.rest();
        assertThat(stock.take(stock.maxBytes() - stock.usedBytes())).isTrue();

        usual.wake();
        big.wake();
        assertHolds(usual, OWN);
        assertHolds(big, OWN + 1);
    }

    @Test
    void whatAnEarlierProcessLeftIsIndexedOneEpochAtATime() throws Exception {
        leave(2, OWN + 2 * PIECE);

        try (LeftBehind left = LeftBehind.in(place(), stock)) {
            assertThat(stock.usedBytes()).isZero();
            assertThat(left.found(Optional.empty(), Resumption.Note.NONE).promises())
                    .hasSize(2);
        }
    }

    @Test
    void whatHasNoRoomInTheHeapAtTheStartIsReportedAndStays() throws Exception {
        leave(1, OWN + 4 * PIECE);

        assertThatThrownBy(() -> LeftBehind.in(place(), stock))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(UnreadableException.class)
                .hasMessageContaining("LULL_HEAP");
        assertThat(stock.usedBytes()).isZero();
        assertThat(directory.resolve("left/redo-0.slot")).exists();
    }

    @Test
    void theProcesssStockLeavesTwoThirdsOfItsHeapToOthers() {
        assertThat(IndexStock.ofThisProcess()).isSameAs(IndexStock.ofThisProcess());
        assertThat(IndexStock.ofThisProcess().maxBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory() / 3);
    }

    private KeptPlace place() {
        return new KeptPlace(directory.resolve("left"), TestVm.ID, Optional.empty());
    }

    private void leave(int epochs, int records) throws Exception {
        RedoSlots slots = slots("left");
        RedoLog redo = new RedoLog(slots, budget, 1);
        List<EpochLog> all = new ArrayList<>();
        for (int number = 1; number <= epochs; number++) {
            EpochLog epoch = epoch(redo, number, records);
            slots.promise(epoch, new UUID(2, 2), new UUID(3, 3));
            all.add(epoch);
        }
        all.forEach(EpochLog::leave);
    }

    private EpochLog promised(String folder, int records) throws Exception {
        RedoSlots slots = slots(folder);
        EpochLog epoch = epoch(new RedoLog(slots, budget, 1), 1, records);
        slots.promise(epoch, new UUID(2, 2), new UUID(3, 3));
        return epoch;
    }

    private RedoSlots slots(String folder) throws IOException {
        // The process that left something had more heap.
        IndexStock from = folder.equals("left") ? new IndexStock(Long.MAX_VALUE) : stock;
        return new RedoSlots(
                Files.createDirectories(directory.resolve(folder)),
                new SlabPool(1, new SlabStock(1)),
                from,
                0,
                new UUID(1, 1),
                0);
    }

    private static EpochLog epoch(RedoLog redo, long number, int records) throws Exception {
        appendAll(redo, number, records);
        int[] crcs = new int[records];
        for (int i = 0; i < records; i++) {
            crcs[i] = write(number, i).header().crc32c();
        }
        return redo.end(
                number, new EpochEnd(records, EpochEnd.rollingCrc(crcs, records), 1, 0, (long) records * BODY_BYTES));
    }

    /** In no order, as several threads send them; the last one comes last. */
    private static void appendAll(RedoLog redo, long epoch, int records) throws Exception {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < records - 1; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(records));
        order.add(records - 1);
        for (int sequence : order) {
            append(redo, write(epoch, sequence));
        }
    }

    private static void append(RedoLog redo, Frame frame) throws Exception {
        redo.append(frame.header(), frame.payload());
    }

    private static Frame write(long epoch, int sequence) {
        return new DiskWrite(
                        0, ByteBuffer.allocate(Long.BYTES).putLong(sequence).flip())
                .frame(epoch, sequence);
    }

    private static void assertHolds(EpochLog epoch, int records) throws IOException {
        int[] next = {0};
        epoch.forEach((type, body) -> {
            long number =
                    DiskWrite.decode(body).data().order(ByteOrder.BIG_ENDIAN).getLong();
            if (number != next[0]++) {
                throw new IOException("record " + number + " where " + (next[0] - 1) + " should be");
            }
        });
        assertThat(next).containsExactly(records);
    }
}
