package io.lull.policy.sim;

import io.lull.policy.Checks;

/** One thing that a simulated guest does, for clients or for itself. */
public sealed interface Activity {
    /** When it goes on. */
    Schedule schedule();

    /**
     * Requests that are answered.
     *
     * @param workers how many requests the server works on at once
     */
    record Requests(Schedule schedule, Clients clients, int workers, Service service, Answer answer)
            implements Activity {
        private static final long ROUND_TRIP_NANOS = 100_000;

        public Requests {
            Checks.within("workers", workers, 1, 0xFFFF);
        }

        /** Clients that ask, wait, and ask again. */
        public static Requests closedLoop(int clients, int workers, long serviceNanos) {
            return new Requests(
                    Schedule.ALWAYS,
                    Clients.waiting(clients, 0, ROUND_TRIP_NANOS),
                    workers,
                    new Service(serviceNanos, 0.3, 0),
                    new Answer(1, 120));
        }

        /** Requests at random times whatever becomes of the answers. */
        public static Requests openLoop(double ratePerSecond, int clients, int workers, long serviceNanos) {
            return new Requests(
                    Schedule.ALWAYS,
                    new Clients(clients, Habit.ASKS, ratePerSecond, 0, ROUND_TRIP_NANOS),
                    workers,
                    new Service(serviceNanos, 1, 0),
                    new Answer(1, 400));
        }

        public Requests scheduled(Schedule other) {
            return new Requests(other, clients, workers, service, answer);
        }

        public Requests thinking(long nanos) {
            Clients thinking = Clients.waiting(clients.count(), nanos, clients.roundTripNanos());
            return new Requests(schedule, thinking, workers, service, answer);
        }

        public Requests onDisk(long nanos) {
            Service withDisk = new Service(service.meanNanos(), service.spreadRatio(), nanos);
            return new Requests(schedule, clients, workers, withDisk, answer);
        }

        /** The guest's own messages, each to {@code subscribers}. */
        public Requests published(int subscribers) {
            Clients listening =
                    new Clients(subscribers, Habit.LISTENS, clients.ratePerSecond(), 0, clients.roundTripNanos());
            return new Requests(schedule, listening, workers, service, new Answer(subscribers, answer.packetBytes()));
        }
    }

    /** What makes a client's next request come. */
    enum Habit {
        /** It waits for its answer, thinks, and asks again: a closed loop. */
        WAITS,
        /** Requests come at random times, whatever becomes of the answers: an open loop. */
        ASKS,
        /** It asks nothing: the guest sends of its own accord at random times. */
        LISTENS
    }

    /**
     * Who is on the other side of the gate.
     *
     * @param count how many
     * @param ratePerSecond requests or messages of all of them together; 0 where they wait
     * @param thinkNanos mean time from an answer to the next request, beside the round trip; 0 where they don't wait
     * @param roundTripNanos between the gate and a client and back
     */
    record Clients(int count, Habit habit, double ratePerSecond, long thinkNanos, long roundTripNanos) {
        public Clients {
            Checks.within("clients", count, 1, 0xFFFF);
            Checks.within("ratePerSecond", ratePerSecond, 0, 1e7);
            if ((habit == Habit.WAITS) == (ratePerSecond > 0)) {
                throw new IllegalArgumentException("a closed loop has no rate of its own, an open one needs one");
            }
            Checks.duration("thinkNanos", thinkNanos, 0);
            Checks.duration("roundTripNanos", roundTripNanos, 0);
        }

        /** A closed loop. */
        public static Clients waiting(int count, long thinkNanos, long roundTripNanos) {
            return new Clients(count, Habit.WAITS, 0, thinkNanos, roundTripNanos);
        }
    }

    /**
     * What a request takes.
     *
     * @param meanNanos vCPU time
     * @param spreadRatio 0 for requests of equal size, 1 for exponentially distributed ones
     * @param diskNanos disk time before the answer; 0 for none
     */
    record Service(long meanNanos, double spreadRatio, long diskNanos) {
        public Service {
            Checks.duration("meanNanos", meanNanos, 1);
            Checks.within("spreadRatio", spreadRatio, 0, 1);
            Checks.duration("diskNanos", diskNanos, 0);
        }
    }

    /**
     * What a request gets.
     *
     * @param packets frames; of a message as many as it has subscribers
     * @param packetBytes size of each
     */
    record Answer(int packets, int packetBytes) {
        public Answer {
            Checks.within("packets", packets, 1, 0xFFFF);
            Checks.within("packetBytes", packetBytes, 1, 1 << 20);
        }
    }

    /**
     * Requests as they were recorded, with what each took and was answered with; over and over.
     *
     * @param workers how many requests the server works on at once
     * @param waiting whether clients wait for their answers; if not, requests come at the recorded times
     * @param thinkNanos mean time from an answer to the next request, beside the round trip; 0 where they don't wait
     * @param roundTripNanos between the gate and a client and back
     */
    record Replay(Course course, int workers, boolean waiting, long thinkNanos, long roundTripNanos)
            implements Activity {
        public Replay {
            Checks.within("workers", workers, 1, 0xFFFF);
            Checks.within("clients", course.mostClients(), 1, 0xFFFF);
            Checks.duration("thinkNanos", thinkNanos, 0);
            Checks.duration("roundTripNanos", roundTripNanos, 0);
            if (course.requests() == 0) {
                throw new IllegalArgumentException("the recording has no request: replay its computation alone");
            }
        }

        @Override
        public Schedule schedule() {
            return Schedule.ALWAYS;
        }
    }

    /**
     * Computation beside requests as it was recorded; over and over.
     *
     * @param counted whether it is something that a run is judged by, or the guest's housekeeping
     */
    record ReplayedBackground(Course course, boolean counted) implements Activity {
        @Override
        public Schedule schedule() {
            return Schedule.ALWAYS;
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
