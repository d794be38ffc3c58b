package io.lull.worker.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivalTest {
    private static Arrival at(long number, int host) {
        try {
            return new Arrival(number, InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) host}));
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    @Test
    void theOldestOfTheLargestCrowdMakesRoomAndNotWhoCameFirst() {
        assertThat(Arrival.mostCrowding(List.of(at(1, 1), at(3, 2), at(2, 2), at(4, 3))))
                .contains(at(2, 2));
    }

    @Test
    void amongCrowdsOfOneSizeTheOldestMakesRoom() {
        assertThat(Arrival.mostCrowding(List.of(at(7, 1), at(5, 2), at(6, 3)))).contains(at(5, 2));
    }

    @Test
    void nobodyMakesRoomWhereNobodyIs() {
        assertThat(Arrival.mostCrowding(List.of())).isEmpty();
    }
}
