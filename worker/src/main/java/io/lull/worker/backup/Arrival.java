package io.lull.worker.backup;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A connection's place among those of a backup.
 *
 * @param number counts connections in the order in which they came
 * @param from address of the peer
 */
record Arrival(long number, InetAddress from) {
    /**
     * Who makes room, of peers that have proven nothing: of the address that has most connections the oldest, so that a
     * crowd from few addresses displaces itself and not a primary from another. Between addresses with equally many, and
     * so in a crowd where each has its own, it is the oldest of all; whoever proves itself quickly is through by then.
     */
    static Optional<Arrival> mostCrowding(Collection<Arrival> strangers) {
        Map<InetAddress, Long> crowds =
                strangers.stream().collect(Collectors.groupingBy(Arrival::from, Collectors.counting()));
        Function<Arrival, Long> crowd = each -> crowds.getOrDefault(each.from(), 0L);
        return strangers.stream()
                .max(Comparator.comparing(crowd).thenComparing(Arrival::number, Comparator.reverseOrder()));
    }
}
