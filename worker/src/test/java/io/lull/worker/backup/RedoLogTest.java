package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lull.worker.protocol.DiskWrite;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.Frame;
import io.lull.worker.protocol.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
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

@Timeout(60)
class RedoLogTest {
    private static final long SEED = Long.getLong("lull.seed", System.nanoTime());
    private static final long LIMIT_BYTES = 16 << 20;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final RedoBudget budget = new RedoBudget(LIMIT_BYTES);
    private Optional<RedoSlots> slots = Optional.empty();

    RedoLogTest() {
        System.out.println("RedoLogTest: -Dlull.seed=" + SEED);
    }

    @Test
    void givesRecordsBackInSequenceOrderFromMappedAndOtherPieces() throws Exception {
        SlabPool mapped = new SlabPool(SlabPool.SLAB_BYTES, new SlabStock(LIMIT_BYTES));
        RedoLog redo = log(mapped);
        List<Frame> frames = writes(5, 110);
        List<Frame> arriving = new ArrayList<>(frames);
        Collections.shuffle(arriving, random);
        for (Frame frame : arriving) {
            redo.append(frame.header(), frame.payload());
        }
        assertThat(mapped.take()).as("its share is in use").isFalse();
        EpochLog epoch = redo.end(5, end(frames));

        List<ByteBuffer> bodies = new ArrayList<>();
        epoch.forEach((type, body) ->
                bodies.add(ByteBuffer.allocate(body.remaining()).put(body).flip()));
        assertThat(bodies).isEqualTo(frames.stream().map(Frame::payload).toList());
        assertThat(budget.usedBytes())
                .isEqualTo(epoch.bytes())
                .isGreaterThan((1 + PieceFile.WARM_PIECES) * SlabPool.SLAB_BYTES);

        epoch.close();
        assertThat(mapped.take()).as("its share is free again").isTrue();
        assertThat(directory.resolve("redo-0.slot")).hasSize((long) PieceFile.WARM_PIECES * PieceFile.PIECE_BYTES);
        slots.orElseThrow().close();
        assertThat(directory.toFile().list()).isEmpty();
    }

    @Test
    void keepsNoIndexForMoreRecordsThanMayBeOnTheirWay() throws Exception {
        RedoLog redo = log(LIMIT_BYTES);
        Frame last = new DiskWrite(0, ByteBuffer.allocate(8)).frame(5, (1 << 18) - 1);
        redo.append(last.header(), last.payload());
        Frame after = new DiskWrite(0, ByteBuffer.allocate(8)).frame(5, (1 << 18) + 1);

        assertThatThrownBy(() -> redo.append(after.header(), after.payload()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("when only 1 had");
    }

    @Test
    void refusesAnEpochThatLacksARecordOrHasOneTwice() throws Exception {
        RedoLog redo = log(LIMIT_BYTES);
        List<Frame> frames = writes(5, 4);
        for (Frame frame : frames.subList(1, 4)) {
            redo.append(frame.header(), frame.payload());
        }
        assertThatThrownBy(() -> redo.end(5, end(frames)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("ends after 3 records");
        assertThatThrownBy(
                        () -> redo.append(frames.get(2).header(), frames.get(2).payload()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("twice");
    }

    /** Records of epoch 5. */
    private List<Frame> threeWrites(RedoLog redo) throws Exception {
        List<Frame> frames = writes(5, 3);
        for (Frame frame : frames) {
            redo.append(frame.header(), frame.payload());
        }
        return frames;
    }

    @Test
    void refusesAnEpochWhoseRecordsWereExchanged() throws Exception {
        RedoLog redo = log(LIMIT_BYTES);
        List<Frame> frames = threeWrites(redo);
        EpochEnd other = end(List.of(frames.get(1), frames.get(0), frames.get(2)));
        assertThatThrownBy(() -> redo.end(5, other)).hasMessageContaining("rolling CRC");
    }

    @Test
    void refusesAnEpochWhoseEndCountsOtherBytesOrPagesThanCame() throws Exception {
        RedoLog redo = log(LIMIT_BYTES);
        List<Frame> frames = threeWrites(redo);
        EpochEnd right = end(frames);
        assertThatThrownBy(() -> redo.end(
                        5,
                        new EpochEnd(
                                right.recordCount(), right.rollingCrc(), 1, right.sentPages(), right.wireBytes() - 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("epoch 5 is corrupt");
        assertThatThrownBy(() ->
                        redo.end(5, new EpochEnd(right.recordCount(), right.rollingCrc(), 1, 1, right.wireBytes())))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("its end says 1 in");
        assertThat(redo.end(5, right).received()).isEqualTo(new Received(3, 0, right.wireBytes()));
    }

    @Test
    void refusesFinishedEpochsTooManyOpenOnesAndTheWrongOrder() throws Exception {
        RedoLog redo = log(LIMIT_BYTES);
        redo.end(5, end(List.of())).close();
        assertThatThrownBy(() -> append(redo, 5)).hasMessageContaining("is over");
        for (int epoch = 6; epoch < 6 + RedoLog.MAX_OPEN_EPOCHS; epoch++) {
            append(redo, epoch);
        }
        assertThatThrownBy(() -> append(redo, 99)).hasMessageContaining("limit");
        assertThatThrownBy(() -> redo.end(7, end(List.of()))).hasMessageContaining("ends before epoch 6");
        redo.discard();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void waitsForSealedEpochsButDropsOpenOnesThatPassTheLimit() throws Exception {
        RedoBudget small = new RedoBudget(100);
        small.take(80, 0);
        CompletableFuture<Void> waiter = CompletableFuture.runAsync(() -> takeQuietly(small, 60));
        assertThatThrownBy(() -> small.take(50, 60)).isInstanceOf(ProtocolException.class);
        assertThat(waiter).isNotDone();
        small.give(80);
        waiter.get(10, TimeUnit.SECONDS);
        assertThat(small.usedBytes()).isEqualTo(60);
    }

    @Test
    void waitsForTheRoomOfSealedEpochsAndFailsWithoutAny() throws Exception {
        RedoLog redo = log(LIMIT_BYTES);
        List<Frame> frames = threeWrites(redo);
        EpochLog sealed = redo.end(5, end(frames));
        Files.createDirectories(directory.resolve("redo-1.slot/so that none can be made"));
        CompletableFuture<Void> waiter = CompletableFuture.runAsync(() -> appendQuietly(redo, 6));
        TimeUnit.MILLISECONDS.sleep(200);
        assertThat(waiter).isNotDone();
        sealed.close();
        budget.give(sealed.bytes());
        waiter.get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> append(redo, 7))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ProtocolException.class);
        redo.discard();
    }

    private void appendQuietly(RedoLog redo, long epoch) {
        try {
            append(redo, epoch);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void takeQuietly(RedoBudget budget, long bytes) {
        try {
            budget.take(bytes, 0);
        } catch (ProtocolException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private RedoLog log(long mappedBytes) {
        return log(new SlabPool(mappedBytes, new SlabStock(mappedBytes)));
    }

    private RedoLog log(SlabPool mapped) {
        slots = Optional.of(new RedoSlots(directory, mapped, 0, new UUID(1, 1), 0));
        return new RedoLog(slots.get(), budget, 5);
    }

    private void append(RedoLog redo, long epoch) throws Exception {
        Frame frame = writes(epoch, 1).get(0);
        redo.append(frame.header(), frame.payload());
    }

    private List<Frame> writes(long epoch, int count) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] data = new byte[1 + random.nextInt(200_000)];
            random.nextBytes(data);
            frames.add(new DiskWrite(i, ByteBuffer.wrap(data)).frame(epoch, i));
        }
        return frames;
    }

    private static EpochEnd end(List<Frame> frames) {
        int[] crcs = frames.stream().mapToInt(f -> f.header().crc32c()).toArray();
        long wire = frames.stream().mapToLong(f -> f.payload().remaining()).sum();
        return new EpochEnd(crcs.length, EpochEnd.rollingCrc(crcs, crcs.length), 1, 0, wire);
    }
}
