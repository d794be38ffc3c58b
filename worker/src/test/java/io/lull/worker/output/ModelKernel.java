package io.lull.worker.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Linux as far as a TAP, ifbs and plugs go, from its sources (net/sched/sch_plug.c, sch_prio.c, act_mirred.c, drivers/net/ifb.c)
 * and what a real one answered; it knows the commands that are given in this package, word by word.
 */
final class ModelKernel implements CommandLine.Tools {
    static final String TAP = "tap0";
    static final PlugPlace PLACE = new PlugPlace(TAP, "lull0", 4L * 10 * 60);
    private static final int FRAME_BYTES = 60;

    private final Map<String, Device> devices = new TreeMap<>();
    private final List<Long> left = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private String refused = "";
    private boolean gone;
    private boolean stuck;
    private boolean noMore;
    private int generation;
    int programs;
    int ended;

    /** A network device. */
    private static final class Device {
        String alias = "";
        String kind = "";
        boolean up;
        boolean ingress;
        String redirectedTo = "";
        Plug[] bands = {};
        int steered;
    }

    /** A queue of sch_plug. */
    private static final class Plug {
        final long limit;
        final Deque<Long> held = new ArrayDeque<>();
        boolean passes;
        long dropped;

        Plug(long limit) {
            this.limit = limit;
        }
    }

    ModelKernel() {
        Device tap = new Device();
        tap.kind = "tun";
        tap.up = true;
        devices.put(TAP, tap);
    }

    /** The guest sends. */
    synchronized void send(long tag) {
        String to = device(TAP).redirectedTo;
        if (to.isEmpty()) {
            left.add(tag);
            return;
        }
        Device ifb = devices.get(to);
        if (ifb == null || !ifb.up) {
            return;
        }
        if (ifb.bands.length == 0) {
            left.add(tag);
            return;
        }
        Plug plug = ifb.bands[ifb.steered];
        if ((plug.held.size() + 1) * FRAME_BYTES > plug.limit) {
            plug.dropped++;
        } else {
            plug.held.add(tag);
        }
        dequeue(ifb);
    }

    private void dequeue(Device ifb) {
        for (Plug band : ifb.bands) {
            while (band.passes && ifb.up && !stuck && !band.held.isEmpty()) {
                left.add(band.held.remove());
            }
        }
    }

    synchronized List<Long> left() {
        return List.copyOf(left);
    }

    /** Commands carried out since the last call, questions left out. */
    synchronized List<String> takeDone() {
        List<String> taken = List.copyOf(done);
        done.clear();
        return taken;
    }

    /** Commands that have this in them fail from now on. */
    synchronized void refuse(String part) {
        refused = part;
    }

    /** No program works or starts any more. */
    synchronized void end() {
        gone = true;
    }

    /** Those that run go on; no other starts. */
    synchronized void refuseStarts() {
        noMore = true;
    }

    /** All that run now end; others can be started. */
    synchronized void killPrograms() {
        generation++;
    }

    /** What is let go doesn't leave as long as this is so. */
    synchronized void stick(boolean sticks) {
        stuck = sticks;
        devices.values().forEach(this::dequeue);
    }

    /** Somebody else's doing. */
    synchronized void byHand(String command) throws IOException {
        carryOut(command);
    }

    synchronized List<String> devices() {
        return List.copyOf(devices.keySet());
    }

    synchronized boolean hasIngress() {
        return device(TAP).ingress;
    }

    @Override
    public CommandLine tc() throws IOException {
        return new Program();
    }

    @Override
    public CommandLine ip() throws IOException {
        return new Program();
    }

    private final class Program implements CommandLine {
        private final int born = generation;
        private boolean works = true;
        private int given;

        Program() throws IOException {
            synchronized (ModelKernel.this) {
                if (gone || noMore) {
                    throw new IOException("no program can be started");
                }
                programs++;
            }
        }

        @Override
        public JsonNode ask(String... commands) throws IOException {
            synchronized (ModelKernel.this) {
                try {
                    if (!works()) {
                        throw new IOException("the program is gone");
                    }
                    for (int i = 0; i < commands.length - 1; i++) {
                        given++;
                        carryOut(commands[i]);
                    }
                    given++;
                    return answer(commands[commands.length - 1]);
                } catch (IOException e) {
                    works = false;
                    throw e;
                }
            }
        }

        @Override
        public boolean works() {
            return works && !gone && born == generation;
        }

        @Override
        public int given() {
            return given;
        }

        @Override
        public void close() {
            if (works) {
                ended++;
            }
            works = false;
        }
    }

    private void carryOut(String command) throws IOException {
        if (!refused.isEmpty() && command.contains(refused)) {
            throw new IOException("refused: " + command);
        }
        for (Command known : Command.values()) {
            Matcher words = known.pattern.matcher(command);
            if (words.matches()) {
                known.effect.of(this, words);
                devices.values().forEach(this::dequeue);
                done.add(command);
                return;
            }
        }
        throw new IOException("unknown: " + command);
    }

    /** What a command does. */
    private interface Effect {
        void of(ModelKernel kernel, Matcher words) throws IOException;
    }

    private enum Command {
        LINK_ADD("link add (\\S+) type (\\S+)", (kernel, words) -> {
            Device device = new Device();
            device.kind = words.group(2);
            require(kernel.devices.putIfAbsent(words.group(1), device) == null, "it exists");
        }),
        LINK_ALIAS(
                "link set (\\S+) alias (\\S+)",
                (kernel, words) -> kernel.device(words.group(1)).alias = words.group(2)),
        LINK_UP("link set (\\S+) up", (kernel, words) -> kernel.device(words.group(1)).up = true),
        LINK_DOWN("link set (\\S+) down", (kernel, words) -> {
            Device device = kernel.device(words.group(1));
            device.up = false;
            for (Plug band : device.bands) {
                band.held.clear();
            }
        }),
        LINK_DEL("link del (\\S+)", (kernel, words) -> {
            kernel.device(words.group(1));
            kernel.devices.remove(words.group(1));
        }),
        INGRESS_ADD("qdisc add dev (\\S+) ingress", (kernel, words) -> {
            require(!kernel.device(words.group(1)).ingress, "it has an ingress");
            kernel.device(words.group(1)).ingress = true;
        }),
        INGRESS_DEL("qdisc del dev (\\S+) ingress", (kernel, words) -> {
            require(kernel.device(words.group(1)).ingress, "it has no ingress");
            kernel.device(words.group(1)).ingress = false;
            kernel.device(words.group(1)).redirectedTo = "";
        }),
        FILTER_ADD(
                "filter add dev (\\S+) parent ffff: protocol all prio 1 matchall action mirred egress redirect dev (\\S+)",
                (kernel, words) -> {
                    require(kernel.device(words.group(1)).ingress, "it has no ingress");
                    kernel.device(words.group(2));
                    kernel.device(words.group(1)).redirectedTo = words.group(2);
                }),
        ROOT_DEL("qdisc del dev (\\S+) root", (kernel, words) -> {
            require(kernel.device(words.group(1)).bands.length > 0, "it has no root");
            kernel.device(words.group(1)).bands = new Plug[] {};
        }),
        ROOT(
                "qdisc (add|change) dev (\\S+) root handle 1: prio bands (\\d+) priomap (\\d+)(?: \\4){15}",
                (kernel, words) -> {
                    Device device = kernel.device(words.group(2));
                    require(words.group(1).equals("add") == (device.bands.length == 0), "wrong: " + words.group(1));
                    if (device.bands.length == 0) {
                        device.bands = new Plug[Integer.parseInt(words.group(3))];
                        java.util.Arrays.setAll(device.bands, band -> new Plug(Long.MAX_VALUE));
                        for (Plug band : device.bands) {
                            band.passes = true;
                        }
                    }
                    device.steered = Integer.parseInt(words.group(4));
                }),
        LIMIT(
                "qdisc replace dev (\\S+) parent 1:(\\d) handle 1\\2: plug limit (\\d+)",
                (kernel, words) -> kernel.device(words.group(1)).bands[Integer.parseInt(words.group(2)) - 1] =
                        new Plug(Long.parseLong(words.group(3)))),
        BLOCK(
                "qdisc change dev (\\S+) parent 1:(\\d) handle 1\\2: plug block",
                (kernel, words) -> kernel.band(words.group(1), words.group(2)).passes = false),
        LET_GO(
                "qdisc change dev (\\S+) parent 1:(\\d) handle 1\\2: plug release_indefinite",
                (kernel, words) -> kernel.band(words.group(1), words.group(2)).passes = true);

        private final Pattern pattern;
        private final Effect effect;

        Command(String pattern, Effect effect) {
            this.pattern = Pattern.compile(pattern);
            this.effect = effect;
        }
    }

    private Plug band(String device, String number) throws IOException {
        Plug[] bands = device(device).bands;
        require(bands.length > 0, device + " has no bands");
        return bands[Integer.parseInt(number) - 1];
    }

    private Device device(String name) {
        return Objects.requireNonNull(devices.get(name), name);
    }

    private static void require(boolean holds, String what) throws IOException {
        if (!holds) {
            throw new IOException("the kernel refuses: " + what);
        }
    }

    private JsonNode answer(String question) throws IOException {
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        if (question.equals("link show")) {
            devices.forEach((name, device) -> link(answer.addObject(), name, device));
            return answer;
        }
        Matcher words =
                Pattern.compile("(qdisc|filter) show dev (\\S+)( ingress)?").matcher(question);
        require(words.matches() && devices.containsKey(words.group(2)), question);
        Device device = device(words.group(2));
        if (words.group(1).equals("qdisc")) {
            qdiscs(answer, device);
        } else if (!device.redirectedTo.isEmpty()) {
            answer.addObject().put("kind", "matchall");
            answer.addObject()
                    .put("kind", "matchall")
                    .putObject("options")
                    .putArray("actions")
                    .addObject()
                    .put("kind", "mirred")
                    .put("to_dev", device.redirectedTo);
        }
        return answer;
    }

    private static void link(ObjectNode link, String name, Device device) {
        link.put("ifname", name).put("ifalias", device.alias);
        link.putObject("linkinfo").put("info_kind", device.kind);
        ArrayNode flags = link.putArray("flags");
        if (device.up) {
            flags.add("UP");
        }
    }

    private static void qdiscs(ArrayNode answer, Device device) {
        if (device.ingress) {
            answer.addObject().put("kind", "ingress");
        }
        if (device.bands.length == 0) {
            return;
        }
        ObjectNode root =
                answer.addObject().put("kind", "prio").put("handle", "1:").put("root", true);
        int all = 0;
        for (Plug band : device.bands) {
            all += band.held.size();
        }
        root.put("qlen", all);
        ArrayNode map =
                root.putObject("options").put("bands", device.bands.length).putArray("priomap");
        for (int priority = 0; priority < 16; priority++) {
            map.add(device.steered);
        }
        for (int band = 0; band < device.bands.length; band++) {
            answer.addObject()
                    .put("kind", "plug")
                    .put("parent", "1:" + (band + 1))
                    .put("qlen", device.bands[band].held.size())
                    .put("drops", device.bands[band].dropped);
        }
    }
}
