package io.lull.policy.sim;

import io.lull.policy.Checks;

/** One thing that a simulated guest does, for clients or for itself. */
public sealed interface Activity {
    /** When it goes on. */
    Schedule schedule();

    /**
     * Requests that are answered.
     *
     * @param clients how many take part
     * @param workers how many requests the server works on at once
     * @param reacts whether a client waits for its answer before it asks again (closed loop); if not, requests come at
     *     {@code ratePerSecond} in all, at random times
     * @param ratePerSecond of an open loop; 0 in a closed one
     * @param thinkNanos mean time from an answer to the next request, beside the round trip
     * @param serviceNanos mean vCPU time of a request
     * @param spreadRatio 0 for requests of equal size, 1 for exponentially distributed ones
     * @param answerPackets frames of an answer; above 1 with {@code fanOut} they go to as many subscribers
     * @param packetBytes size of a frame
     * @param diskNanos disk time before the answer; 0 for none
     * @param roundTripNanos between the gate and the client and back
     * @param asked whether a request comes from outside; if not the guest sends on its own (publish, timers)
     */
    record Requests(
            Schedule schedule,
            int clients,
            int workers,
            boolean reacts,
            double ratePerSecond,
            long thinkNanos,
            long serviceNanos,
            double spreadRatio,
            int answerPackets,
            int packetBytes,
            long diskNanos,
            long roundTripNanos,
            boolean asked)
            implements Activity {
        public Requests {
            Checks.within("clients", clients, 1, 0xFFFF);
            Checks.within("workers", workers, 1, 0xFFFF);
            Checks.within("ratePerSecond", ratePerSecond, 0, 1e7);
            if (reacts == (ratePerSecond > 0)) {
                throw new IllegalArgumentException("a closed loop has no rate of its own, an open one needs one");
            }
            Checks.duration("thinkNanos", thinkNanos, 0);
            Checks.duration("serviceNanos", serviceNanos, 1);
            Checks.within("spreadRatio", spreadRatio, 0, 1);
            Checks.within("answerPackets", answerPackets, 1, 0xFFFF);
            Checks.within("packetBytes", packetBytes, 1, 1 << 20);
            Checks.duration("diskNanos", diskNanos, 0);
            Checks.duration("roundTripNanos", roundTripNanos, 0);
        }

        /** Clients that ask, wait, and ask again. */
        public static Requests closedLoop(int clients, int workers, long serviceNanos) {
            return new Requests(
                    Schedule.ALWAYS, clients, workers, true, 0, 0, serviceNanos, 0.3, 1, 120, 0, 100_000, true);
        }

        /** Requests at random times whatever becomes of the answers. */
        public static Requests openLoop(double ratePerSecond, int clients, int workers, long serviceNanos) {
            return new Requests(
                    Schedule.ALWAYS,
                    clients,
                    workers,
                    false,
                    ratePerSecond,
                    0,
                    serviceNanos,
                    1,
                    1,
                    400,
                    0,
                    100_000,
                    true);
        }

        public Requests scheduled(Schedule other) {
            return new Requests(
                    other,
                    clients,
                    workers,
                    reacts,
                    ratePerSecond,
                    thinkNanos,
                    serviceNanos,
                    spreadRatio,
                    answerPackets,
                    packetBytes,
                    diskNanos,
                    roundTripNanos,
                    asked);
        }

        public Requests thinking(long nanos) {
            return new Requests(
                    schedule,
                    clients,
                    workers,
                    reacts,
                    ratePerSecond,
                    nanos,
                    serviceNanos,
                    spreadRatio,
                    answerPackets,
                    packetBytes,
                    diskNanos,
                    roundTripNanos,
                    asked);
        }

        public Requests onDisk(long nanos) {
            return new Requests(
                    schedule,
                    clients,
                    workers,
                    reacts,
                    ratePerSecond,
                    thinkNanos,
                    serviceNanos,
                    spreadRatio,
                    answerPackets,
                    packetBytes,
                    nanos,
                    roundTripNanos,
                    asked);
        }

        /** The guest's own messages, each to {@code subscribers}. */
        public Requests published(int subscribers) {
            return new Requests(
                    schedule,
                    subscribers,
                    workers,
                    reacts,
                    ratePerSecond,
                    thinkNanos,
                    serviceNanos,
                    spreadRatio,
                    subscribers,
                    packetBytes,
                    diskNanos,
                    roundTripNanos,
                    false);
        }
    }

    /**
     * Bulk transfers whose sender stops when its window is full: a flow moves at most a window per round trip and hold.
     *
     * @param flows how many at once
     * @param outbound whether the guest sends the data (download) or acknowledges it (upload)
     * @param windowBytes smaller of the receiver's window and where the congestion window ends up
     * @param firstWindowBytes congestion window at the start; it grows by what is acknowledged
     * @param nanosPerKibibyte vCPU time
     */
    record Bulk(
            Schedule schedule,
            int flows,
            boolean outbound,
            int windowBytes,
            int firstWindowBytes,
            long nanosPerKibibyte,
            long roundTripNanos)
            implements Activity {
        public Bulk {
            Checks.within("flows", flows, 1, 0xFFFF);
            Checks.within("windowBytes", windowBytes, 1, 1 << 30);
            Checks.within("firstWindowBytes", firstWindowBytes, 1, 1 << 30);
            Checks.duration("nanosPerKibibyte", nanosPerKibibyte, 1);
            Checks.duration("roundTripNanos", roundTripNanos, 0);
        }

        public static Bulk download(int flows, int windowBytes) {
            return new Bulk(Schedule.ALWAYS, flows, true, windowBytes, 14_600, 2_000, 200_000);
        }

        public static Bulk upload(int flows, int windowBytes) {
            return new Bulk(Schedule.ALWAYS, flows, false, windowBytes, 14_600, 2_000, 200_000);
        }

        public Bulk scheduled(Schedule other) {
            return new Bulk(other, flows, outbound, windowBytes, firstWindowBytes, nanosPerKibibyte, roundTripNanos);
        }
    }

    /**
     * Computation that nobody outside waits for.
     *
     * @param threads always runnable while it goes on
     */
    record Background(Schedule schedule, int threads) implements Activity {
        public Background {
            Checks.within("threads", threads, 1, 0xFFFF);
        }
    }

    /**
     * When an activity goes on: for a while, then not, over and over.
     *
     * @param onNanos how long it goes on
     * @param offNanos how long it then does not; 0 for always on
     * @param offsetNanos when it first begins
     */
    record Schedule(long onNanos, long offNanos, long offsetNanos) {
        /** From the start without an end. */
        public static final Schedule ALWAYS = new Schedule(Long.MAX_VALUE / 4, 0, 0);

        public Schedule {
            Checks.within("onNanos", (double) onNanos, 1, 0x1p61);
            Checks.duration("offNanos", offNanos, 0);
            Checks.duration("offsetNanos", offsetNanos, 0);
        }

        /** The first moment from {@code atNanos} on at which it goes on. */
        public long nextOn(long atNanos) {
            if (atNanos < offsetNanos) {
                return offsetNanos;
            }
            if (offNanos == 0) {
                return atNanos;
            }
            long phase = (atNanos - offsetNanos) % (onNanos + offNanos);
            return phase < onNanos ? atNanos : atNanos + onNanos + offNanos - phase;
        }

        boolean isOn(long atNanos) {
            return nextOn(atNanos) == atNanos;
        }

        /** The first moment after {@code atNanos} at which it begins or ends. */
        long nextChange(long atNanos) {
            if (atNanos < offsetNanos) {
                return offsetNanos;
            }
            if (offNanos == 0) {
                return Long.MAX_VALUE;
            }
            long phase = (atNanos - offsetNanos) % (onNanos + offNanos);
            return atNanos + (phase < onNanos ? onNanos - phase : onNanos + offNanos - phase);
        }
    }
}
