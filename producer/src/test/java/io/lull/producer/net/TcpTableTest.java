package io.lull.producer.net;

import static io.lull.producer.net.FrameBuilder.ACK;
import static io.lull.producer.net.FrameBuilder.FIN;
import static io.lull.producer.net.FrameBuilder.RST;
import static io.lull.producer.net.FrameBuilder.SYN;
import static io.lull.producer.net.FrameBuilder.fromClient;
import static io.lull.producer.net.FrameBuilder.fromGuest;
import static org.assertj.core.api.Assertions.assertThat;

import io.lull.policy.signal.ServiceSample;
import io.lull.policy.signal.TcpSample;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpTableTest {
    private static final int MSS_1460 = 1460;
    private static final long MS = 1_000_000;

    private final TcpTable table = new TcpTable();
    private long nowNanos = -5 * MS;
    private long openSinceNanos = -10 * MS;
    private long heldSinceNanos = -10 * MS;

    @Test
    void anEmptyTableSaysNothing() {
        assertThat(sample()).isEqualTo(TcpSample.NONE);
    }

    @Test
    void aHandshakeMakesOneConnectionWithNothingInFlight() {
        open(1000, 7);
        assertThat(sample()).isEqualTo(new TcpSample(1, 0, 0, 0, 0, 0));
    }

    @Test
    void aHeldSynAckIsOneByteInFlightAndStalls() {
        pass(fromClient(SYN).seq(1).options(2, 4, 5, 180, 3, 3, 7));
        pass(fromGuest(SYN | ACK).seq(999).ack(2).options(3, 3, 7));
        assertThat(sample().bytesInFlight()).isEqualTo(1);
        assertThat(sample().stalled()).isZero();
        nowNanos += 3 * MS;
        assertThat(sample().stalled()).isEqualTo(1);
    }

    @Test
    void aRequestIsPendingUntilAnythingIsSentAfterIt() {
        open(1000, 7);
        pass(fromClient(ACK).seq(2).ack(1000).payload(100));
        assertThat(sample().requestsPending()).isEqualTo(1);

        pass(fromGuest(ACK).seq(1000).ack(102));
        assertThat(sample().requestsPending()).as("a bare ACK is no answer").isEqualTo(1);

        nowNanos++;
        pass(fromGuest(ACK).seq(1000).ack(102).payload(15));
        assertThat(sample().requestsPending()).isZero();
        assertThat(sample().bytesInFlight()).isEqualTo(15);

        nowNanos++;
        pass(fromClient(ACK).seq(102).ack(1015).payload(1));
        assertThat(sample().requestsPending()).isEqualTo(1);
    }

    @Test
    void stallsTwoMillisecondsAfterTheLastByteSentWithoutAnAcknowledgement() {
        open(1000, 7);
        pass(fromGuest(ACK).seq(1000).payload(10));
        nowNanos += 2 * MS;
        assertThat(sample().stalled()).isZero();
        nowNanos++;
        assertThat(sample().stalled()).isEqualTo(1);
        pass(fromGuest(ACK).seq(1010).payload(10));
        assertThat(sample().stalled()).isZero();
        nowNanos += 3 * MS;
        pass(fromClient(ACK).ack(1020));
        assertThat(sample().stalled()).isZero();
    }

    @Test
    void theClientsWindowIsFullWhenItTakesNoFurtherSegment() {
        open(1000, 2);
        pass(fromClient(ACK).ack(1000).window(1000));
        pass(fromGuest(ACK).seq(1000).payload(4000 - MSS_1460));
        assertThat(sample().windowFull()).isZero();
        pass(fromGuest(ACK).seq(1000 + 4000 - MSS_1460).payload(1));
        assertThat(sample().windowFull())
                .as("window of 1000 << 2 takes 1459 more")
                .isEqualTo(1);
        pass(fromClient(ACK).ack(1000 + 4000 - MSS_1460 + 1).window(1000));
        assertThat(sample().windowFull()).isZero();
    }

    @Test
    void theWindowInASynIsNotScaled() {
        pass(fromClient(SYN).seq(1).window(2000).options(2, 4, 5, 180, 3, 3, 7));
        pass(fromGuest(SYN | ACK).seq(999).options(3, 3, 7));
        pass(fromClient(SYN | ACK).ack(1000).window(1000).options(2, 4, 5, 180, 3, 3, 7));
        assertThat(sample().windowFull()).isEqualTo(1);
    }

    @Test
    void windowsAreUnscaledWhenTheGuestDoesNotScale() {
        pass(fromClient(SYN).seq(1).options(2, 4, 5, 180, 3, 3, 7));
        pass(fromGuest(SYN | ACK).seq(999));
        pass(fromClient(ACK).ack(1000).window(1000));
        assertThat(sample().windowFull()).isEqualTo(1);
    }

    @Test
    void aZeroWindowIsSeenAndForgotten() {
        open(1000, 7);
        pass(fromGuest(ACK).seq(1000).payload(10));
        pass(fromClient(ACK).ack(1010).window(0));
        assertThat(sample().zeroWindow()).isEqualTo(1);
        pass(fromClient(ACK).ack(1010).window(100));
        assertThat(sample().zeroWindow()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-10, Integer.MAX_VALUE - 9})
    void sequenceNumbersWrapAround(int start) {
        open(start, 7);
        pass(fromGuest(ACK).seq(start).payload(30));
        assertThat(sample().bytesInFlight()).isEqualTo(30);
        pass(fromClient(ACK).ack(start + 15).window(100));
        assertThat(sample().bytesInFlight()).isEqualTo(15);
        pass(fromClient(ACK).ack(start + 5).window(100));
        assertThat(sample().bytesInFlight()).as("an old ACK takes nothing back").isEqualTo(15);
        pass(fromGuest(ACK).seq(start + 5).payload(5));
        assertThat(sample().bytesInFlight()).as("a repeat adds nothing").isEqualTo(15);
    }

    @Test
    void anAcknowledgementOfWhatWasNeverSentIsIgnored() {
        open(1000, 7);
        pass(fromGuest(ACK).seq(1000).payload(10));
        pass(fromClient(ACK).ack(5000).window(0));
        assertThat(sample()).isEqualTo(new TcpSample(1, 0, 0, 0, 10, 0));
    }

    @Test
    void aConnectionOlderThanTheTableIsFullOnlyAtWindowZero() {
        pass(fromClient(ACK).ack(1000).window(1).payload(5));
        assertThat(sample()).isEqualTo(new TcpSample(1, 0, 0, 0, 0, 1));
        nowNanos++;
        pass(fromGuest(ACK).seq(1000).payload(128));
        assertThat(sample()).isEqualTo(new TcpSample(1, 0, 0, 0, 128, 0));
        pass(fromClient(ACK).ack(1128).window(0));
        assertThat(sample()).isEqualTo(new TcpSample(1, 0, 1, 1, 0, 0));
    }

    @Test
    void aConnectionIsOverWhenBothSidesSaidFinAndTheGuestsIsAcknowledged() {
        open(1000, 7);
        pass(fromGuest(FIN | ACK).seq(1000).payload(10));
        assertThat(sample().bytesInFlight()).isEqualTo(11);
        pass(fromClient(FIN | ACK).ack(1010));
        assertThat(sample().connections()).isEqualTo(1);
        pass(fromClient(ACK).ack(1011));
        assertThat(sample()).isEqualTo(TcpSample.NONE);
    }

    @Test
    void aFrameThatComesAfterTheEndOpensNothing() {
        open(1000, 7);
        pass(fromClient(RST).seq(2));
        pass(fromGuest(FIN | ACK).seq(1000));
        assertThat(sample().connections()).isZero();
        nowNanos += TcpTable.CLOSED_KEPT_NANOS;
        assertThat(sample().connections()).isZero();
        pass(fromGuest(FIN | ACK).seq(1000));
        assertThat(sample().connections()).as("forgotten after 60 s").isEqualTo(1);
    }

    @Test
    void theGuestsResetEndsAConnectionAndAResetOfNothingOpensNone() {
        open(1000, 7);
        pass(fromGuest(RST | ACK).seq(1000));
        pass(fromGuest(RST | ACK).seq(1).clientPort(2));
        pass(fromClient(RST).seq(1).clientPort(3));
        assertThat(sample()).isEqualTo(TcpSample.NONE);
    }

    @Test
    void aSynOnAUsedPortBeginsAfresh() {
        open(1000, 7);
        pass(fromClient(ACK).ack(1000).payload(5));
        open(-2_000_000_000, 3);
        assertThat(sample()).isEqualTo(new TcpSample(1, 0, 0, 0, 0, 0));
        pass(fromClient(RST));
        open(77, 3);
        assertThat(sample().connections()).isEqualTo(1);
    }

    @Test
    void aGuestThatConnectsItselfIsTreatedAlike() {
        pass(fromGuest(SYN).seq(499).options(2, 4, 5, 180, 3, 3, 7));
        pass(fromClient(SYN | ACK).seq(9).ack(500).window(1000).options(2, 4, 5, 180, 3, 3, 2));
        pass(fromClient(ACK).seq(10).ack(500).window(1000));
        pass(fromGuest(ACK).seq(500).payload(4000));
        assertThat(sample()).isEqualTo(new TcpSample(1, 0, 1, 0, 4000, 0));
    }

    @Test
    void aClientAsksAndThenWaitsForTheAnswerThatTheOpenEpochHolds() {
        open(1000, 7);
        pass(fromClient(ACK).seq(2).ack(1000).payload(100));
        assertThat(services()).containsExactly(new ServiceSample(80, 0, 0, 1));

        nowNanos++;
        pass(fromGuest(ACK).seq(1000).ack(102).payload(15));
        assertThat(services()).containsExactly(new ServiceSample(80, 1, 1, 0));

        openSinceNanos = nowNanos + 1;
        assertThat(services()).as("a commit under way releases it").containsExactly(new ServiceSample(80, 0, 1, 0));
        heldSinceNanos = nowNanos + 1;
        assertThat(services()).as("it is on its way").isEmpty();
    }

    @Test
    void aClientThatHasItsAnswerWaitsForNothing() {
        open(1000, 7);
        pass(fromClient(ACK).seq(2).ack(1000).payload(100));
        nowNanos++;
        pass(fromGuest(ACK).seq(1000).ack(102).payload(15));
        pass(fromClient(ACK).seq(102).ack(1015));
        pass(fromGuest(ACK).seq(1015).ack(102).payload(15));
        assertThat(services()).as("nobody asked for what came then").isEmpty();
    }

    @Test
    void aClientThatAsksAnewBeforeItHasItsAnswerIsOfNoService() {
        open(1000, 7);
        pass(fromClient(ACK).seq(2).ack(1000).payload(100));
        nowNanos++;
        pass(fromGuest(ACK).seq(1000).ack(102).payload(15));
        nowNanos++;
        pass(fromClient(ACK).seq(102).ack(1000).payload(100));
        assertThat(services()).isEmpty();
        nowNanos++;
        pass(fromGuest(ACK).seq(1015).ack(202).payload(15));
        assertThat(services()).isEmpty();
    }

    @Test
    void aRequestOfSeveralSegmentsIsOneRequest() {
        open(1000, 7);
        pass(fromClient(ACK).seq(2).ack(1000).payload(1000));
        pass(fromClient(ACK).seq(1002).ack(1000).payload(1000));
        nowNanos++;
        pass(fromGuest(ACK).seq(1000).ack(2002).payload(15));
        assertThat(services()).containsExactly(new ServiceSample(80, 1, 1, 0));
    }

    @Test
    void aFlowWaitsWhenItsWindowIsFull() {
        open(1000, 0);
        pass(fromGuest(ACK).seq(1000).ack(2).payload(300));
        assertThat(services()).isEqualTo(List.of(new ServiceSample(80, 1, 1, 0)));
    }

    @Test
    void aFlowIsServedWhileItsWindowTakesMoreButNotForLong() {
        open(1000, 0);
        pass(fromGuest(ACK).seq(1000).ack(2).payload(300));
        pass(fromClient(ACK).seq(2).ack(1300).window(4000));
        assertThat(services()).containsExactly(new ServiceSample(80, 0, 0, 1));

        nowNanos += TcpConnection.FILLING_NANOS;
        assertThat(services()).as("it may be over").isEmpty();
    }

    @Test
    void aFlowOfWhichACommitUnderWayReleasesSomethingDoesNotWaitForTheOpenEpoch() {
        open(1000, 0);
        pass(fromGuest(ACK).seq(1000).ack(2).payload(150));
        nowNanos++;
        openSinceNanos = nowNanos;
        pass(fromGuest(ACK).seq(1150).ack(2).payload(150));
        assertThat(services()).containsExactly(new ServiceSample(80, 0, 1, 0));

        nowNanos++;
        pass(fromClient(ACK).seq(2).ack(1150).window(150));
        assertThat(services()).as("what is left is of the open epoch").containsExactly(new ServiceSample(80, 1, 1, 0));
    }

    @Test
    void anUploadOfWhichACommitUnderWayReleasesSomethingDoesNotWaitForTheOpenEpoch() {
        open(1000, 7);
        pass(fromClient(ACK).seq(2).ack(1000).payload(60_000));
        pass(fromClient(ACK).seq(60_002).ack(1000).payload(10_000));
        nowNanos++;
        pass(fromGuest(ACK).seq(1000).ack(60_002));
        nowNanos++;
        openSinceNanos = nowNanos;
        pass(fromGuest(ACK).seq(1000).ack(70_002));
        assertThat(services()).containsExactly(new ServiceSample(80, 0, 1, 0));

        nowNanos++;
        pass(fromClient(ACK).seq(70_002).ack(1000).payload(10_000));
        nowNanos++;
        pass(fromGuest(ACK).seq(1000).ack(80_002));
        assertThat(services()).as("it has sent more").containsExactly(new ServiceSample(80, 1, 1, 0));
    }

    @Test
    void anUploadWaitsWhenAllThatCameIsAcknowledged() {
        open(1000, 7);
        pass(fromClient(ACK).seq(2).ack(1000).payload(60_000));
        pass(fromClient(ACK).seq(60_002).ack(1000).payload(10_000));
        assertThat(services()).containsExactly(new ServiceSample(80, 0, 0, 1));

        pass(fromGuest(ACK).seq(1000).ack(70_002));
        assertThat(services()).containsExactly(new ServiceSample(80, 1, 1, 0));
    }

    @Test
    void whatTheGuestOpenedItselfIsNoServiceOfIt() {
        pass(fromGuest(SYN).seq(499).options(2, 4, 5, 180, 3, 3, 7));
        pass(fromClient(SYN | ACK).seq(9).ack(500).window(1000).options(2, 4, 5, 180, 3, 3, 2));
        pass(fromGuest(ACK).seq(500).ack(10).payload(4000));
        assertThat(services()).isEmpty();
    }

    @Test
    void readsSegmentationOffloadFramesBehindAVirtioHeaderAndIpOptions() {
        open(1000, 7);
        pass(fromGuest(ACK).seq(1000).payload(64_000).vnet(12).ipOptions(8));
        assertThat(sample().bytesInFlight()).isEqualTo(64_000);
        pass(fromGuest(ACK).seq(65_000).payload(70_000).vnet(10).withoutStatedLength());
        assertThat(sample().bytesInFlight()).isEqualTo(134_000);
        pass(fromGuest(ACK).seq(135_000).payload(1000).capturedPayload(3));
        assertThat(sample().bytesInFlight()).as("headers are enough").isEqualTo(135_000);
        assertThat(table.counters()).isEqualTo(new TcpCounters(0, 0, 0));
    }

    /** Handshake of the client at port 40000, the guest's first byte being {@code first}. */
    private void open(int first, int clientScale) {
        pass(fromClient(SYN).seq(1).options(2, 4, 5, 180, 1, 3, 3, clientScale));
        pass(fromGuest(SYN | ACK).seq(first - 1).ack(2).options(2, 4, 5, 180, 3, 3, 7));
        pass(fromClient(ACK).seq(2).ack(first).window(512));
    }

    private void pass(FrameBuilder frame) {
        frame.passTo(table, nowNanos);
    }

    /** Without the services. */
    private TcpSample sample() {
        TcpSample all = table.sample(nowNanos, openSinceNanos, heldSinceNanos);
        return new TcpSample(
                all.connections(),
                all.stalled(),
                all.windowFull(),
                all.zeroWindow(),
                all.bytesInFlight(),
                all.requestsPending());
    }

    private List<ServiceSample> services() {
        return table.sample(nowNanos, openSinceNanos, heldSinceNanos).services();
    }
}
