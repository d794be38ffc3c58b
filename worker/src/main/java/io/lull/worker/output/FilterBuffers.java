package io.lull.worker.output;

import io.lull.worker.qemu.Qmp;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A barrier of QEMU's own {@code filter-buffer}s, put in and taken out by QMP while the VM runs: the frames stay in QEMU.
 *
 * <p>QEMU asks the filter that was added last first. A buffer keeps what reaches it, and hands all of it to the next filter when
 * it is deleted. So a new buffer in front of the others is a mark, and deleting the oldest releases it.
 *
 * <pre>
 *   guest ─▶ buffer 3 ─▶ wall 3 ─▶ buffer 2 ─▶ wall 2 ─▶ buffer 1 ─▶ wall 1 ─▶ network
 *            what comes            epoch n+1             epoch n
 *
 *   release of epoch n:   delete wall 1, then buffer 1
 * </pre>
 *
 * <p>A wall drops what reaches it: a {@code filter-redirector} to a character device that takes anything. It is there because a
 * buffer lets go by itself, too: after an interval of {@value #LONGEST_MICROS} µs of the guest's time at most, 71 min. A worker that
 * died long before, or that had no commit for so long, must not let anything out by that. So nothing that isn't released ever
 * has a way to the network, whatever deletes the buffer; and what a buffer lets go by itself is lost.
 *
 * <p>A buffer has room for {@value #MOST_FRAMES} frames (net/queue.c); QEMU drops more than that without a word.
 */
public final class FilterBuffers implements Barrier {
    /** Each takes two filters, and memory in QEMU for what it holds. */
    static final int MAX_MARKS = 16;

    /** The longest interval that a filter-buffer can have. */
    static final long LONGEST_MICROS = 0xFFFF_FFFFL;

    /** Of one buffer. */
    static final int MOST_FRAMES = 10_000;

    static final String BUFFER = "buffer";
    static final String WALL = "wall";
    static final String SINK = "sink";

    private final Qmp qmp;
    private final String idPrefix;
    private final String netdev;
    /** Oldest first; the last one takes what comes. */
    private final Deque<Stage> stages = new ArrayDeque<>();

    private final Deque<String> freeSinks = new ArrayDeque<>();
    private int sinks;
    private int lastNumber;

    /** A buffer with the wall behind it. */
    private record Stage(String buffer, String wall, String sink) {}

    FilterBuffers(Qmp qmp, String idPrefix, String netdev) {
        this.qmp = qmp;
        this.idPrefix = idPrefix;
        this.netdev = netdev;
    }

    /**
     * Puts a gate of buffers into a running VM; output is held from then on.
     *
     * @param idPrefix the QEMU ids of its parts begin with this; unique in the VM
     * @param netdev the id of the netdev whose output is held; no vhost, one queue
     * @throws IOException when QEMU refuses a part; what was put in before is taken out
     */
    static BarrierGate gate(Qmp qmp, String idPrefix, String netdev, GateListener listener) throws IOException {
        return BarrierGate.hold(new FilterBuffers(qmp, idPrefix, netdev), listener);
    }

    /** The same, to be taken out again; parameters and errors as for {@link #gate}. */
    public static PlacedGate place(Qmp qmp, String idPrefix, String netdev, GateListener listener) throws IOException {
        return PlacedGate.of(gate(qmp, idPrefix, netdev, listener));
    }

    @Override
    public int maxMarks() {
        return MAX_MARKS;
    }

    @Override
    public void hold() throws IOException {
        add();
    }

    @Override
    public void mark() throws IOException {
        add();
    }

    private void add() throws IOException {
        lastNumber++;
        String sink = takeSink();
        Stage stage = new Stage(id(BUFFER, lastNumber), id(WALL, lastNumber), sink);
        try {
            addBuffer(stage.buffer());
        } catch (IOException e) {
            freeSinks.push(sink);
            // It may be there though the answer didn't come, and has no wall.
            takeBack(stage.buffer(), e);
            throw e;
        }
        try {
            // QEMU's list begins at the network: what is "before" the buffer there is asked after it.
            addWall(qmp, stage.wall(), netdev, sink, Map.of("position", "id=" + stage.buffer(), "insert", "before"));
        } catch (IOException e) {
            freeSinks.push(sink);
            takeBack(stage.buffer(), e);
            throw e;
        }
        stages.addLast(stage);
    }

    /** What it holds runs into an older buffer; without one nothing was held before. */
    private void takeBack(String buffer, IOException why) {
        try {
            delete(buffer);
        } catch (IOException stays) {
            why.addSuppressed(stays);
        }
    }

    private String takeSink() throws IOException {
        String free = freeSinks.poll();
        if (free != null) {
            return free;
        }
        String sink = id(SINK, sinks + 1);
        addSink(qmp, sink);
        sinks++;
        return sink;
    }

    private void addBuffer(String id) throws IOException {
        qmp.execute(
                "object-add",
                Map.of(
                        "qom-type",
                        "filter-buffer",
                        "id",
                        id,
                        "netdev",
                        netdev,
                        "queue",
                        "rx",
                        "interval",
                        LONGEST_MICROS));
    }

    /** Adds a character device that takes anything, for one wall at a time. */
    static void addSink(Qmp qmp, String id) throws IOException {
        qmp.execute("chardev-add", Map.of("id", id, "backend", Map.of("type", "null", "data", Map.of())));
    }

    /**
     * Adds a filter that drops what the guest sends.
     *
     * @param place QEMU's properties that say where it goes
     */
    static void addWall(Qmp qmp, String id, String netdev, String sink, Map<String, String> place) throws IOException {
        Map<String, Object> arguments = new LinkedHashMap<>(place);
        arguments.put("qom-type", "filter-redirector");
        arguments.put("id", id);
        arguments.put("netdev", netdev);
        arguments.put("queue", "rx");
        arguments.put("outdev", sink);
        qmp.execute("object-add", arguments);
    }

    @Override
    public void releaseOldest() throws IOException {
        if (stages.size() < 2) {
            throw new IllegalStateException("there is no mark in netdev " + netdev);
        }
        takeOutOldest();
    }

    @Override
    public void open() throws IOException {
        while (!stages.isEmpty()) {
            takeOutOldest();
        }
    }

    private void takeOutOldest() throws IOException {
        Stage oldest = stages.getFirst();
        delete(oldest.wall());
        delete(oldest.buffer());
        freeSinks.push(oldest.sink());
        stages.removeFirst();
    }

    private void delete(String id) throws IOException {
        qmp.execute("object-del", Map.of("id", id));
    }

    /** The buffers go first, so that what they hold runs into the walls. */
    @Override
    public void remove() throws IOException {
        List<IOException> failures = new ArrayList<>();
        stages.forEach(stage -> tryCommand("object-del", stage.buffer(), failures));
        if (failures.isEmpty()) {
            stages.forEach(stage -> tryCommand("object-del", stage.wall(), failures));
        }
        for (int number = 1; number <= sinks; number++) {
            tryCommand("chardev-remove", id(SINK, number), failures);
        }
        if (!failures.isEmpty()) {
            IOException failure = new IOException("the gate in netdev " + netdev + " was not removed whole");
            failures.forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private void tryCommand(String command, String id, List<IOException> failures) {
        try {
            qmp.execute(command, Map.of("id", id));
        } catch (IOException e) {
            failures.add(e);
        }
    }

    private String id(String part, int number) {
        return idPrefix + "-" + part + "-" + number;
    }
}
