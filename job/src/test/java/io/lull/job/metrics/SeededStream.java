package io.lull.job.metrics;

import io.lull.job.stream.Inbound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * What reaches the job of some VMs over some seconds, drawn from a seed: records in the order of their arrival, with
 * watermarks between them as Flink makes them of several partitions.
 *
 * <p>Records are delayed, mostly a little, sometimes by a good part of the 200 ms that windows wait, sometimes by more;
 * some come twice or three times; VMs fall silent; partitions run dry, and no longer count after a second; partitions are
 * read one after the other while a backlog is worked off.
 */
final class SeededStream {
    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final long OUT_OF_ORDER_MILLIS = 200;
    private static final long IDLE_MILLIS = 1000;
    private static final long WATERMARK_EACH_MILLIS = 20;

    private final Random random;
    private final int partitions;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();

    /** A record as it arrives in its partition. */
    private record Arrival(double atMillis, int partition, Inbound inbound) {}

    /** Either a record or a watermark. */
    sealed interface Event {
        /** What the clock says when it happens. */
        long clockMillis();

        record Came(Inbound inbound, long clockMillis) implements Event {}

        record Watermark(long atMillis, long clockMillis) implements Event {}
    }

    SeededStream(long seed) {
        random = new Random(seed);
        partitions = 1 + random.nextInt(3);
        int vms = 1 + random.nextInt(4);
        boolean dense = partitions == 1 && random.nextBoolean();
        double seconds = dense ? 0.4 + random.nextDouble() : 0.5 + 13 * random.nextDouble() * random.nextDouble();
        for (int i = 0; i < vms; i++) {
            addVm("vm-" + i, dense, seconds);
        }
        if (random.nextBoolean()) {
            workOffABacklog();
        }
        arrivals.sort(Comparator.comparingDouble(Arrival::atMillis));
        withWatermarks();
    }

    List<Event> events() {
        return events;
    }

    private void addVm(String name, boolean dense, double seconds) {
        double stepMillis = dense ? 1 : 3 + 60 * Math.pow(random.nextDouble(), 3);
        SeededVm vm = new SeededVm(random, name, stepMillis);
        int partition = random.nextInt(partitions);
        int partitionOfReports = random.nextInt(partitions);
        double disorder = random.nextDouble() * random.nextDouble() * (dense ? 0.1 : 0.3);
        double atMillis = START_MILLIS + random.nextInt(700);
        double endMillis = atMillis + 1000 * seconds;
        while (atMillis < endMillis) {
            for (Inbound inbound : vm.next((long) (atMillis * 1000))) {
                boolean isReport = inbound instanceof Inbound.Report;
                arrive(atMillis, isReport ? partitionOfReports : partition, inbound, disorder);
            }
            atMillis += stepMillis * (0.5 + random.nextDouble());
            if (random.nextInt(200) == 0) {
                atMillis += 3000 * random.nextDouble() * random.nextDouble();
            }
        }
    }

    private void arrive(double atMillis, int partition, Inbound inbound, double disorder) {
        arrivals.add(new Arrival(atMillis + delayMillis(disorder), partition, inbound));
        while (random.nextDouble() < 0.05) {
            arrivals.add(new Arrival(atMillis + delayMillis(0.5), partition, inbound));
        }
    }

    private double delayMillis(double disorder) {
        double luck = random.nextDouble();
        if (luck > disorder) {
            return 1;
        }
        return luck > disorder / 20 ? 180 * random.nextDouble() : 1500 * random.nextDouble();
    }

    /** What came within some seconds is read later, a hundred times as fast, and one partition after the other. */
    private void workOffABacklog() {
        double fromMillis = START_MILLIS + 1000 * random.nextDouble();
        double lengthMillis = 200 + 4000 * random.nextDouble();
        double readMillis = lengthMillis / 100;
        arrivals.replaceAll(arrival -> {
            double sinceMillis = arrival.atMillis() - fromMillis;
            if (sinceMillis < 0 || sinceMillis > lengthMillis) {
                return arrival;
            }
            double atMillis = fromMillis + lengthMillis + arrival.partition() * readMillis + sinceMillis / 100;
            return new Arrival(atMillis, arrival.partition(), arrival.inbound());
        });
    }

    /** Each partition's watermark is what it has seen less the bound; the job's is the least of those that still run. */
    private void withWatermarks() {
        long[] newestMillis = new long[partitions];
        double[] lastMillis = new double[partitions];
        Arrays.fill(newestMillis, Long.MIN_VALUE / 2);
        Arrays.fill(lastMillis, START_MILLIS);
        double nextMillis = START_MILLIS;
        long sentMillis = Long.MIN_VALUE;
        for (Arrival arrival : arrivals) {
            while (nextMillis <= arrival.atMillis()) {
                long least = Long.MAX_VALUE;
                for (int p = 0; p < partitions; p++) {
                    if (nextMillis - lastMillis[p] < IDLE_MILLIS) {
                        least = Math.min(least, newestMillis[p] - OUT_OF_ORDER_MILLIS - 1);
                    }
                }
                if (least != Long.MAX_VALUE && least > sentMillis && least > 0) {
                    sentMillis = least;
                    events.add(new Event.Watermark(least, (long) nextMillis));
                }
                nextMillis += WATERMARK_EACH_MILLIS;
            }
            newestMillis[arrival.partition()] = Math.max(
                    newestMillis[arrival.partition()], arrival.inbound().eventMillis());
            lastMillis[arrival.partition()] = arrival.atMillis();
            events.add(new Event.Came(arrival.inbound(), (long) arrival.atMillis()));
        }
        events.add(new Event.Watermark(Long.MAX_VALUE, (long) nextMillis));
    }
}
