package io.lull.worker.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.lull.worker.limit.Stillness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** What {@code tc} is told of the bands of an ifb, and what it answers. Bands are numbered from 0. */
final class PlugBands {
    /** One takes what comes, the others keep an epoch each. */
    static final int COUNT = 4;

    /** How long the kernel may take to send on what was let go. */
    static final long DRAIN_LIMIT_NANOS = 1_000_000_000L;

    private static final long DRAIN_LOOK_NANOS = 200_000;
    private static final OptionalLong FROM_NOW_ON = OptionalLong.of(0);
    private static final int PRIORITIES = 16;

    private PlugBands() {}

    static String question(String device) {
        return "qdisc show dev " + device;
    }

    /** Puts all bands in, plugged; the first one takes what comes. */
    static String[] putIn(PlugPlace place) {
        List<String> commands = new ArrayList<>();
        commands.add("qdisc add dev " + place.ifb() + " root handle 1: prio " + allTo(0));
        for (int band = 0; band < COUNT; band++) {
            commands.add("qdisc replace dev " + at(place.ifb(), band) + " limit " + place.bandBytes());
        }
        commands.add(question(place.ifb()));
        return commands.toArray(String[]::new);
    }

    /** Has a band keep what it gets. */
    static String block(String ifb, int band) {
        return "qdisc change dev " + at(ifb, band) + " block";
    }

    /** Has a band let go what it has and what it gets. */
    static String letGo(String ifb, int band) {
        return "qdisc change dev " + at(ifb, band) + " release_indefinite";
    }

    /** Has a band take what comes. */
    static String steer(String ifb, int band) {
        return "qdisc change dev " + ifb + " root handle 1: prio " + allTo(band);
    }

    private static String at(String ifb, int band) {
        return ifb + " parent 1:" + (band + 1) + " handle 1" + (band + 1) + ": plug";
    }

    private static String allTo(int band) {
        return "bands " + COUNT + " priomap "
                + String.join(" ", Collections.nCopies(PRIORITIES, Integer.toString(band)));
    }

    /** The queue at the root, when it is such a gate's; missing otherwise. */
    static JsonNode root(JsonNode answer) {
        for (JsonNode qdisc : answer) {
            if (qdisc.path("root").asBoolean() && qdisc.path("handle").asText().equals("1:")) {
                return qdisc;
            }
        }
        return MissingNode.getInstance();
    }

    /**
     * Looks whether all bands are there, and what comes goes to {@code filling}.
     *
     * @throws IOException when they aren't as they were left: somebody else was at it
     */
    static void check(JsonNode answer, int filling) throws IOException {
        JsonNode options = root(answer).path("options");
        boolean whole = options.path("bands").asInt() == COUNT
                && options.path("priomap").size() == PRIORITIES;
        for (JsonNode band : options.path("priomap")) {
            whole &= band.asInt(-1) == filling;
        }
        for (int band = 0; band < COUNT; band++) {
            whole &= plug(answer, band).path("kind").asText().equals("plug");
        }
        if (!whole) {
            throw new IOException("the plugs are not as they were left: somebody else changed them");
        }
    }

    private static JsonNode plug(JsonNode answer, int band) {
        for (JsonNode qdisc : answer) {
            if (qdisc.path("parent").asText().equals("1:" + (band + 1))) {
                return qdisc;
            }
        }
        return MissingNode.getInstance();
    }

    /**
     * Lets go what a band has, and waits until it is gone: what is let go next must not overtake it.
     *
     * @throws IOException when it isn't within {@value #DRAIN_LIMIT_NANOS} ns
     */
    static void drain(CommandLine tc, String ifb, int band, int filling) throws IOException {
        Stillness queued = new Stillness(DRAIN_LIMIT_NANOS);
        while (true) {
            JsonNode answer = tc.ask(letGo(ifb, band), question(ifb));
            check(answer, filling);
            if (plug(answer, band).path("qlen").asInt(-1) == 0) {
                return;
            }
            await(queued);
        }
    }

    /** Waits until no band of the device has anything. */
    static void awaitEmpty(CommandLine tc, String ifb) throws IOException {
        Stillness queued = new Stillness(DRAIN_LIMIT_NANOS);
        while (root(tc.ask(question(ifb))).path("qlen").asInt() != 0) {
            await(queued);
        }
    }

    private static void await(Stillness queued) throws IOException {
        if (queued.look(FROM_NOW_ON, 0, System.nanoTime()).isPresent()) {
            throw new IOException(
                    "what was let go has not left the kernel within " + DRAIN_LIMIT_NANOS / 1_000_000 + " ms");
        }
        LockSupport.parkNanos(DRAIN_LOOK_NANOS);
    }
}
