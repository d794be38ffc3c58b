package io.lull.worker.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lull.policy.signal.EpochReport;
import io.lull.worker.disk.EpochFullException;
import io.lull.worker.output.Released;
import io.lull.worker.protocol.EpochEnd;
import io.lull.worker.protocol.FrameHeader;
import io.lull.worker.protocol.FrameType;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is kept of epochs between capture and commit. */
class EpochsTest {
    private static final int THREADS = 4;
    private static final int RECORDS = 500;

    private final EpochBook book = new EpochBook(Values.VM, "host-a");
    private final EpochRecords records = new EpochRecords();

    @Test
    void theNextEpochBeginsWhereACaptureEndedTheLast() {
        OpenEpoch next = OpenEpoch.first(100).next(Values.capture());

        assertThat(next).isEqualTo(new OpenEpoch(2, 1100, 100, 7, true, DirtyForecast.NONE));
        assertThat(next.elapsedNanos(1150)).isEqualTo(50);
        assertThat(next.next(Values.capture()).totalDirtyPages()).isEqualTo(14);
    }

    @Test
    void theGuestHasRunForNothingWhileItStandsStillAndTheEpochIsAsLongAsItRan() {
        OpenEpoch running = OpenEpoch.first(100);
        OpenEpoch paused = running.paused();

        assertThat(paused.elapsedNanos(1050)).isZero();
        assertThat(paused.number()).isEqualTo(running.number());
        assertThat(paused.lengthNanos(Values.capture())).isEqualTo(900);
        assertThat(paused.next(Values.capture())).isEqualTo(running.next(Values.capture()));
        assertThat(paused.renumbered().elapsedNanos(150)).as("freed").isEqualTo(50);
    }

    @Test
    void aNewSessionTakesANumberThatWasNeverCut() {
        OpenEpoch open = OpenEpoch.first(100).next(Values.capture());

        assertThat(open.renumbered()).isEqualTo(new OpenEpoch(3, 1100, 100, 7, false, DirtyForecast.NONE));
    }

    @Test
    void aClockThatLagsMakesNoEpochNegative() {
        assertThat(OpenEpoch.first(100).elapsedNanos(50)).isZero();
    }

    @Test
    void anEpochsPagesAreExpectedOfTheNextOne() {
        OpenEpoch open = new OpenEpoch(2, 100, 0, 0, true, DirtyForecast.NONE).next(Values.capture());

        assertThat(open.forecast().pagesAt(900)).isCloseTo(7, within(1e-9));
        assertThat(open.renumbered().forecast()).as("over sessions").isSameAs(open.forecast());
    }

    @Test
    void nothingIsLearnedOfTheEpochInWhichASessionCopiesTheMemory() {
        OpenEpoch copied = OpenEpoch.first(100).renumbered().next(Values.capture());
        assertThat(copied.forecast()).isSameAs(DirtyForecast.NONE);

        OpenEpoch learned = new OpenEpoch(2, 100, 0, 0, true, DirtyForecast.NONE).next(Values.capture());
        assertThat(learned.renumbered().next(Values.capture()).forecast()).isSameAs(learned.forecast());
    }

    @Test
    void aReportSaysWhatCaptureShippingAndReleaseSaid() {
        book.captured(Values.captured(3));
        book.shipped(3, Values.shipped());

        EpochReport report = book.acknowledged(3, 2010, Optional.of(new Released(4, 400, 60)));

        assertThat(report.epoch()).isEqualTo(3);
        assertThat(report.decisionId()).isEqualTo(9);
        assertThat(report.pause()).isEqualTo(new EpochReport.Pause(10, 40, 40, 10, 25));
        assertThat(report.stages().commitNanos()).isEqualTo(1000);
        assertThat(report.bytes().writtenBytes()).isEqualTo(28_672);
        assertThat(report.held()).isEqualTo(new EpochReport.Held(4, 400, 60));
        assertThat(report.trigger()).isEqualTo(new EpochReport.Trigger(4, 20, 0.25));
        assertThat(book.open()).isZero();
    }

    @Test
    void aReportSaysThatNobodySawWhatWasReleased() {
        book.captured(Values.captured(3));
        book.shipped(3, Values.shipped());

        assertThat(book.acknowledged(3, 2010, Optional.empty()).held()).isEqualTo(EpochReport.Held.UNKNOWN);
    }

    @Test
    void anAcknowledgementOfWhatIsNotUnderWayIsABug() {
        assertThatThrownBy(() -> book.acknowledged(3, 1, Optional.of(Released.NONE)))
                .hasMessageContaining("epoch 3");
        book.captured(Values.captured(3));
        assertThatThrownBy(() -> book.acknowledged(3, 1, Optional.of(Released.NONE)))
                .hasMessageContaining("before it was shipped");
        book.clear();
        assertThatThrownBy(() -> book.shipped(3, Values.shipped())).hasMessageContaining("epoch 3");
    }

    @Test
    void theBookHasALimit() {
        for (int epoch = 1; epoch <= EpochBook.MAX_EPOCHS; epoch++) {
            book.captured(Values.captured(epoch));
        }
        assertThatThrownBy(() -> book.captured(Values.captured(99))).hasMessageContaining("not acknowledged");
    }

    @Test
    void whoWaitsForRoomHasItAtTheNextAcknowledgement() throws Exception {
        for (int epoch = 1; epoch <= EpochBook.MAX_EPOCHS; epoch++) {
            assertThat(book.awaitRoom(0)).isTrue();
            book.captured(Values.captured(epoch));
        }
        assertThat(book.awaitRoom(1)).isFalse();

        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return book.awaitRoom(30_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        book.shipped(1, Values.shipped());
        book.acknowledged(1, 1, Optional.of(Released.NONE));
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anEpochsEndNamesAllItsRecordsInOrder() throws Exception {
        int[] crcs = new int[200];
        for (int i = 0; i < crcs.length; i++) {
            crcs[i] = i * 31;
            assertThat(records.next(5, crcs[i], 10, i % 2)).isEqualTo(i);
            records.next(6, 1, 1, 0);
        }

        EpochRecords.End end = records.end(5, 300);

        assertThat(end.frame().header().type()).isEqualTo(FrameType.EPOCH_END);
        assertThat(end.frame().header().epoch()).isEqualTo(5);
        assertThat(EpochEnd.decode(end.frame().payload()))
                .isEqualTo(new EpochEnd(200, EpochEnd.rollingCrc(crcs, 200), 300, 100, 2000));
        assertThat(end.wireBytes())
                .isEqualTo(
                        2000 + 201L * FrameHeader.BYTES + end.frame().header().payloadBytes());
        assertThat(records.next(6, 1, 1, 0)).as("the other epoch goes on").isEqualTo(200);
    }

    @Test
    void anEpochThatHasAllTheRecordsItMaySaysWhatToDoAndOthersGoOn() {
        EpochRecords few = new EpochRecords(2);
        few.next(5, 1, 10, 0);
        few.next(5, 2, 10, 0);

        assertThatThrownBy(() -> few.next(5, 3, 10, 0))
                .isInstanceOf(EpochFullException.class)
                .hasMessageContaining("disk.copyMebibytesPerSecond")
                .hasMessageContaining("start when it is quiet")
                .hasMessageContaining("epoch 5 has 2 records");
        assertThat(few.next(6, 3, 10, 0)).isZero();
    }

    @Test
    void anEpochWithoutRecordsHasAnEndToo() throws Exception {
        EpochEnd end = EpochEnd.decode(records.end(1, 0).frame().payload());

        assertThat(end.recordCount()).isZero();
    }

    @Test
    void manyThreadsGetEachNumberOnce() throws Exception {
        ConcurrentLinkedQueue<Integer> given = new ConcurrentLinkedQueue<>();
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            threads[i] = new Thread(() -> {
                for (int r = 0; r < RECORDS; r++) {
                    given.add(records.next(1, r, 1, 1));
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Set<Integer> distinct = new HashSet<>(given);
        assertThat(distinct).hasSize(THREADS * RECORDS).allMatch(n -> n >= 0 && n < THREADS * RECORDS);
    }
}
