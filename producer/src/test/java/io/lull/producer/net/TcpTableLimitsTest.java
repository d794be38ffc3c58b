package io.lull.producer.net;

import static io.lull.producer.net.FrameBuilder.ACK;
import static io.lull.producer.net.FrameBuilder.FIN;
import static io.lull.producer.net.FrameBuilder.RST;
import static io.lull.producer.net.FrameBuilder.SYN;
import static io.lull.producer.net.FrameBuilder.fromClient;
import static io.lull.producer.net.FrameBuilder.fromGuest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.lull.policy.signal.TcpSample;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Hostile input and the table's bounds. */
class TcpTableLimitsTest {
    private static final long SEED = Long.getLong("lull.seed", 20261123);

    @Test
    void dropsTheConnectionUnusedForLongestAndCountsIt() {
        TcpTable table = new TcpTable(2);
        fromGuest(ACK).clientPort(1).seq(1).payload(100).passTo(table, 1);
        fromGuest(ACK).clientPort(2).seq(1).payload(10).passTo(table, 2);
        fromGuest(ACK).clientPort(1).seq(101).payload(100).passTo(table, 3);
        fromGuest(ACK).clientPort(3).seq(1).payload(1).passTo(table, 4);

        assertThat(table.sample(4, 0, 0)).isEqualTo(new TcpSample(2, 0, 0, 0, 201, 0));
        assertThat(table.counters().droppedConnections()).isEqualTo(1);
    }

    @Test
    void closedConnectionsNeverPushOutOpenOnes() {
        TcpTable table = new TcpTable(2);
        fromGuest(ACK).clientPort(1).seq(1).payload(100).passTo(table, 1);
        for (int port = 2; port < 50; port++) {
            fromClient(SYN).clientPort(port).passTo(table, port);
            fromGuest(RST | ACK).clientPort(port).passTo(table, port);
        }
        assertThat(table.sample(50, 0, 0).bytesInFlight()).isEqualTo(100);
        assertThat(table.counters()).isEqualTo(new TcpCounters(0, 0, 0));
    }

    @Test
    void keepsExactlyTheOpenConnectionsThroughManyOpeningsAndClosings() {
        System.out.println("TcpTableLimitsTest seed " + SEED + " (-Dlull.seed=)");
        Random random = new Random(SEED);
        TcpTable table = new TcpTable(64);
        Set<Integer> open = new HashSet<>();
        for (int step = 0; step < 20_000; step++) {
            int port = 1 + random.nextInt(60);
            if (open.remove(port)) {
                fromClient(RST).clientPort(port).passTo(table, step);
            } else {
                open.add(port);
                fromClient(SYN).clientPort(port).passTo(table, step);
            }
            if (step % 1000 == 0) {
                table.sample(step + random.nextInt(2) * 2 * TcpTable.CLOSED_KEPT_NANOS, step, step);
            }
            assertThat(table.sample(step, 0, 0).connections()).isEqualTo(open.size());
        }
        assertThat(table.counters()).isEqualTo(new TcpCounters(0, 0, 0));
    }

    @Test
    void everyTruncationOfAFrameIsCountedAndOpensNothing() {
        byte[] whole = fromClient(SYN).vnet(12).options(2, 4, 5, 180, 3, 3, 7).bytes();
        TcpTable table = new TcpTable();
        for (int length = 0; length < whole.length; length++) {
            table.onIn(ByteBuffer.wrap(Arrays.copyOf(whole, length)), 0, length, 12, 0);
            table.onOut(ByteBuffer.wrap(whole), 0, length, 12, 0);
        }
        assertThat(table.sample(0, 0, 0)).isEqualTo(TcpSample.NONE);
        assertThat(table.counters().malformedFrames()).isEqualTo(2L * whole.length);
    }

    @Test
    void boundsThatLieAboutTheBufferAreMalformed() {
        ByteBuffer frame = ByteBuffer.wrap(fromClient(SYN).bytes());
        TcpTable table = new TcpTable();
        int[][] lies = {
            {-1, 54, 0},
            {0, -1, 0},
            {0, 55, 0},
            {0, 54, -1},
            {0, 54, 55},
            {40, 54, 0},
            {Integer.MAX_VALUE, 54, 0},
            {0, Integer.MAX_VALUE, 0},
            {Integer.MAX_VALUE - 60, 60, 60}
        };
        for (int[] lie : lies) {
            table.onIn(frame, lie[0], lie[1], lie[2], 0);
            table.onOut(frame, lie[0], lie[1], lie[2], 0);
        }
        assertThat(table.counters()).isEqualTo(new TcpCounters(0, 2 * lies.length, 0));
    }

    @Test
    void headersThatContradictThemselvesAreMalformedAndOtherProtocolsAreOther() {
        TcpTable table = new TcpTable();
        spoiled(table, 12, 0x86); // not IPv4
        spoiled(table, 14 + 9, 17); // UDP
        spoiled(table, 14 + 7, 1); // a later fragment
        assertThat(table.counters()).isEqualTo(new TcpCounters(3, 0, 0));
        spoiled(table, 14, 0x65); // version 6
        spoiled(table, 14, 0x44); // IP header of 16 bytes
        spoiled(table, 14, 0x4f); // IP header beyond the frame
        spoiled(table, 14 + 3, 30); // total length below the headers
        spoiled(table, 34 + 12, 0x40); // TCP header of 16 bytes
        spoiled(table, 34 + 12, 0xf0); // TCP header beyond the frame
        assertThat(table.counters()).isEqualTo(new TcpCounters(3, 6, 0));
        assertThat(table.sample(0, 0, 0)).isEqualTo(TcpSample.NONE);
    }

    @Test
    void brokenTcpOptionsEndTheirReadingOnly() {
        TcpTable table = new TcpTable();
        fromClient(SYN).clientPort(1).options(2, 0, 0, 0).passTo(table, 0);
        fromClient(SYN).clientPort(2).options(1, 1, 1, 2).passTo(table, 0);
        fromClient(SYN).clientPort(3).options(3, 200, 0, 0).passTo(table, 0);
        fromClient(SYN).clientPort(4).options(0, 9, 9, 9).passTo(table, 0);
        fromClient(SYN).clientPort(5).options(3, 3, 255, 0).passTo(table, 0);
        assertThat(table.sample(0, 0, 0).connections()).isEqualTo(5);
        assertThat(table.counters().malformedFrames()).isZero();
    }

    @Test
    void randomBytesAndRandomDamageNeverThrowAndNeverMakeALevelNegative() {
        System.out.println("TcpTableLimitsTest seed " + SEED + " (-Dlull.seed=)");
        Random random = new Random(SEED);
        TcpTable table = new TcpTable(100);
        for (int round = 0; round < 100_000; round++) {
            byte[] frame = random.nextInt(4) == 0 ? noise(random) : damaged(random);
            int vnetBytes = random.nextInt(8) == 0 ? random.nextInt(20) : 0;
            ByteBuffer buffer = ByteBuffer.wrap(frame);
            if (random.nextBoolean()) {
                table.onOut(buffer, 0, frame.length, vnetBytes, random.nextLong());
            } else {
                table.onIn(buffer, 0, frame.length, vnetBytes, random.nextLong());
            }
            if (round % 100 == 0) {
                // TcpSample's constructor refuses negative levels.
                assertThat(table.sample(random.nextLong(), random.nextLong(), random.nextLong())
                                .connections())
                        .isBetween(0, 100);
            }
        }
        assertThat(table.counters().otherFrames()).isPositive();
        assertThat(table.counters().malformedFrames()).isPositive();
        assertThat(table.counters().droppedConnections()).isPositive();
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(120)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] damaged(Random random) {
        int[] kinds = {SYN, SYN | ACK, ACK, FIN | ACK, RST, random.nextInt(256)};
        byte[] bytes = fromClient(kinds[random.nextInt(kinds.length)])
                .clientPort(random.nextInt(65_536))
                .seq(random.nextInt())
                .ack(random.nextInt())
                .window(random.nextInt(65_536))
                .payload(random.nextInt(50))
                .options(random.nextInt(5), random.nextInt(6), random.nextInt(256), random.nextInt(256))
                .bytes();
        for (int spots = random.nextInt(3); spots > 0; spots--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return Arrays.copyOf(bytes, bytes.length - random.nextInt(3) * random.nextInt(10));
    }

    private static void spoiled(TcpTable table, int at, int value) {
        byte[] bytes = fromClient(SYN).bytes();
        bytes[at] = (byte) value;
        table.onIn(ByteBuffer.wrap(bytes), 0, bytes.length, 0, 0);
    }

    @Test
    void aFrameOfAKnownConnectionAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        TcpTable table = new TcpTable();
        ByteBuffer request = ByteBuffer.wrap(fromClient(ACK).payload(40).bytes());
        ByteBuffer answer = ByteBuffer.wrap(fromGuest(ACK).payload(40).bytes());
        exchange(table, request, answer, 10);
        long before = threads.getCurrentThreadAllocatedBytes();
        exchange(table, request, answer, 50_000);
        long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocatedBytes).as("over 100,000 frames").isLessThan(100_000);
    }

    private static void exchange(TcpTable table, ByteBuffer request, ByteBuffer answer, int times) {
        for (int i = 0; i < times; i++) {
            table.onIn(request, 0, request.capacity(), 0, i);
            table.onOut(answer, 0, answer.capacity(), 0, i);
        }
    }

    @Test
    void refusesALimitOfNoConnections() {
        assertThatThrownBy(() -> new TcpTable(0)).hasMessageContaining("maxConnections");
    }
}
