package io.lull.worker.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/**
 * The devices of a gate of plugs: an ifb, and a filter that sends all that the TAP receives through it.
 *
 * <pre>
 *   guest ─▶ TAP ─▶ ingress: redirect ─▶ ifb: prio ─┬▶ plug 1 ┬▶ on as if it came from the TAP: bridge, route
 *                                                    ├▶ plug 2 ┤
 *                                                    └▶ ...    ┘
 * </pre>
 *
 * <p>An ifb that is down drops what it is sent, and what it holds when it goes down. So it is down while its plugs are put in, and
 * goes up when they stand; the redirection comes after that, or is there already from a worker that died, whose ifb is taken down
 * first. At no moment does a frame pass that was held before.
 *
 * <p>The ifb carries an alias that says whose it is. Devices and filters that no worker made are left alone, and refused.
 */
final class PlugDevices {
    private static final String INGRESS = "ingress";
    private static final String SHOW = "link show";

    private final CommandLine.Tools tools;
    private final PlugPlace place;
    private State state = State.UNTOUCHED;

    /** How far this gate came. */
    private enum State {
        /** What is there is others', or an earlier worker's. */
        UNTOUCHED,
        /** What was put in is this gate's, and it alone sends the TAP's frames there. */
        MADE,
        /** The redirection was an earlier worker's: nothing may pass, whatever fails. */
        TAKEN_OVER
    }

    /** What there is at the TAP's ingress. */
    private enum Ingress {
        NONE,
        EMPTY,
        REDIRECTED
    }

    PlugDevices(CommandLine.Tools tools, PlugPlace place) {
        this.tools = tools;
        this.place = place;
    }

    /**
     * Whether an earlier worker left the TAP redirected to its plugs.
     *
     * @throws IOException when the TAP is missing, or somebody else's filters are in the way
     */
    boolean areLeft() throws IOException {
        try (CommandLine ip = tools.ip();
                CommandLine tc = tools.tc()) {
            return ingress(tc, hasIfb(links(ip))) == Ingress.REDIRECTED;
        }
    }

    /**
     * Puts all in place; the TAP's output is held from then on, and what an earlier worker held is dropped.
     *
     * @param tc may be used for the ifb from then on
     */
    void place(CommandLine tc) throws IOException {
        try (CommandLine ip = tools.ip()) {
            boolean hasIfb = hasIfb(links(ip));
            Ingress found = ingress(tc, hasIfb);
            state = found == Ingress.REDIRECTED ? State.TAKEN_OVER : State.MADE;
            if (hasIfb) {
                ip.ask("link set " + place.ifb() + " down", SHOW);
            } else {
                ip.ask(
                        "link add " + place.ifb() + " type ifb",
                        "link set " + place.ifb() + " alias " + place.alias(),
                        SHOW);
            }
            putPlugs(tc);
            if (!isUp(named(ip.ask("link set " + place.ifb() + " up", SHOW), place.ifb()))) {
                throw new IOException("device '" + place.ifb() + "' does not come up");
            }
            if (found == Ingress.EMPTY) {
                tc.ask(deleteIngress(), PlugBands.question(place.tap()));
            }
            if (found != Ingress.REDIRECTED) {
                redirect(tc);
            }
        }
    }

    private void putPlugs(CommandLine tc) throws IOException {
        if (!PlugBands.root(tc.ask(PlugBands.question(place.ifb()))).isMissingNode()) {
            tc.ask("qdisc del dev " + place.ifb() + " root", PlugBands.question(place.ifb()));
        }
        try {
            PlugBands.check(tc.ask(PlugBands.putIn(place)), 0);
        } catch (IOException e) {
            throw new IOException(
                    "no plugs can be put in; the kernel must have sch_prio and sch_plug: " + e.getMessage(), e);
        }
    }

    private void redirect(CommandLine tc) throws IOException {
        String redirection = "filter add dev " + place.tap()
                + " parent ffff: protocol all prio 1 matchall action mirred egress redirect dev " + place.ifb();
        try {
            tc.ask("qdisc add dev " + place.tap() + " " + INGRESS, redirection, PlugBands.question(place.tap()));
        } catch (IOException e) {
            throw new IOException(
                    "the TAP can't be redirected; the kernel must have sch_ingress, cls_matchall and act_mirred: "
                            + e.getMessage(),
                    e);
        }
        if (ingress(tc, true) != Ingress.REDIRECTED) {
            throw new IOException("what device '" + place.tap() + "' receives is not redirected though nothing failed");
        }
    }

    /**
     * All devices.
     *
     * @throws IOException when the TAP is missing, or the ifb is another's
     */
    private JsonNode links(CommandLine ip) throws IOException {
        JsonNode links = ip.ask(SHOW);
        if (named(links, place.tap()).isMissingNode()) {
            throw new IOException(
                    "there is no device '" + place.tap() + "': network.tap must name the host's interface of the"
                            + " VM's -netdev tap, and the worker run in the network namespace that it is in");
        }
        JsonNode ifb = named(links, place.ifb());
        if (!ifb.isMissingNode() && !isOurs(ifb)) {
            throw new IOException("there is a device '" + place.ifb() + "' that was not made for '" + place.tap()
                    + "': name another in network.ifb, or take that one away (ip link del " + place.ifb() + ")");
        }
        return links;
    }

    private boolean hasIfb(JsonNode links) {
        return isOurs(named(links, place.ifb()));
    }

    private boolean isOurs(JsonNode link) {
        return link.path("ifalias").asText().equals(place.alias())
                && link.path("linkinfo").path("info_kind").asText().equals("ifb");
    }

    /**
     * Looks at the TAP's ingress.
     *
     * @param hasIfb whether this gate's ifb is there: one that is empty may be its own then
     * @throws IOException when somebody else's filters are in the way
     */
    private Ingress ingress(CommandLine tc, boolean hasIfb) throws IOException {
        boolean there = false;
        for (JsonNode qdisc : tc.ask(PlugBands.question(place.tap()))) {
            if (qdisc.path("kind").asText().equals("clsact")) {
                throw othersFilters();
            }
            there |= qdisc.path("kind").asText().equals(INGRESS);
        }
        if (!there) {
            return Ingress.NONE;
        }
        int ours = 0;
        for (JsonNode filter : tc.ask("filter show dev " + place.tap() + " " + INGRESS)) {
            // The first entry of each filter has its kind alone.
            if (filter.has("options")) {
                JsonNode action = filter.path("options").path("actions").path(0);
                if (!action.path("to_dev").asText().equals(place.ifb())) {
                    throw othersFilters();
                }
                ours++;
            }
        }
        if (ours > 1 || ours == 0 && !hasIfb) {
            throw othersFilters();
        }
        return ours == 1 ? Ingress.REDIRECTED : Ingress.EMPTY;
    }

    private String deleteIngress() {
        return "qdisc del dev " + place.tap() + " " + INGRESS;
    }

    private IOException othersFilters() {
        return new IOException(
                "device '" + place.tap() + "' has filters at its ingress that are not this gate's: take them away"
                        + " (tc qdisc del dev " + place.tap() + " ingress), or choose another network.gate");
    }

    /**
     * Takes all away; the TAP's output flows.
     *
     * @param passing whether what is held, or comes meanwhile, is to leave; it is dropped otherwise
     * @throws IOException when something stays
     */
    void remove(CommandLine tc, boolean passing) throws IOException {
        try (CommandLine ip = tools.ip()) {
            JsonNode links = ip.ask(SHOW);
            boolean made = hasIfb(links);
            if (made && !passing) {
                ip.ask("link set " + place.ifb() + " down", SHOW);
            }
            if (!named(links, place.tap()).isMissingNode() && ingress(tc, made) != Ingress.NONE) {
                tc.ask(deleteIngress(), PlugBands.question(place.tap()));
            }
            if (made) {
                if (passing) {
                    PlugBands.awaitEmpty(tc, place.ifb());
                }
                ip.ask("link del " + place.ifb(), SHOW);
            }
        } catch (IOException e) {
            throw new IOException(
                    "the gate at '" + place.tap() + "' was not removed whole; by hand: tc qdisc del dev " + place.tap()
                            + " ingress; ip link del " + place.ifb() + ": " + e.getMessage(),
                    e);
        }
    }

    /** Takes away what {@link #place} made before it failed; what an earlier worker redirected stays so, and drops or holds. */
    void abandon(CommandLine tc) throws IOException {
        if (state == State.MADE) {
            remove(tc, false);
        }
    }

    private static JsonNode named(JsonNode links, String name) {
        for (JsonNode link : links) {
            if (link.path("ifname").asText().equals(name)) {
                return link;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean isUp(JsonNode link) {
        for (JsonNode flag : link.path("flags")) {
            if (flag.asText().equals("UP")) {
                return true;
            }
        }
        return false;
    }
}
