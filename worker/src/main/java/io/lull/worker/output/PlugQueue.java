package io.lull.worker.output;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A barrier of Linux' own queues behind the VM's TAP, ruled by {@code tc}: the frames stay in the kernel, and whether QEMU or vhost
 * wrote them makes no difference. See {@link PlugDevices} for the way they take.
 *
 * <p>A {@code prio} queue has {@value PlugBands#COUNT} bands, each a {@code plug}. One of them takes all that comes. A mark has an
 * empty one take it, and so seals what the other has; a release unplugs the oldest one that is sealed.
 *
 * <pre>
 *   band:  FREE (plugged, empty) --mark--&gt; FILLING --mark--&gt; SEALED --release--&gt; unplugged until it is empty --&gt; FREE
 *          FILLING --open--&gt; unplugged, passes what comes --hold--&gt; FILLING
 * </pre>
 *
 * <p><b>Why not one plug with a release each epoch</b>, for which net/sched/sch_plug.c was written: {@code block} notes how many frames
 * came since the last one, and {@code release} lets so many go.
 * <ul>
 *   <li>It changes these numbers without the queue's lock, while other processors add to them and take from them. A frame may be
 *       counted twice, and one more than was committed leaves then. A mark is put while the guest runs, so that
 *       this can't be excluded. (Debian's 6.1 and upstream; seen in the code, not in an experiment.)
 *   <li>It knows of one sealed epoch. A second {@code block} without a release between forgets the first's number: its
 *       frames leave with later epochs, and so on for good.
 *   <li>{@code release_indefinite} and {@code block} at once leave frames in the queue that no number counts: from then on
 *       as many of each epoch leave late. (Seen: 20 frames.)
 *   <li>A {@code release} with nothing sealed does nothing; a second one doesn't either.
 * </ul>
 * Here no number decides. {@code prio} is told under the queue's lock, so that each frame is before a mark or after it. {@code
 * release_indefinite} and {@code block} are said to a band only while nothing comes into it, except when all output is let
 * pass and held again; what {@code block} then finds queued stays held with what comes.
 *
 * <p>A band has room for its share of {@code network.maxHeldMebibytes}; the kernel drops more (counted in {@code tc -s qdisc}). With all
 * marks in use output goes with a later epoch.
 *
 * <p>Each command is followed by a question, whose answer shows that it was carried out ({@link BatchProcess}) and that the bands are
 * as they were left. A {@code tc} that fails, dies or hangs is the end of this barrier, except that {@link #hold} and {@link
 * #remove} try a new one. What it leaves in the kernel holds whoever dies.
 */
public final class PlugQueue implements Barrier {
    /**
     * A tc is replaced after so many commands: that of iproute2 6.1 keeps 4 KiB of memory, and 32 KiB of addresses, for each one that
     * changes something (measured), so that it has 8 MiB by then.
     */
    static final int COMMANDS_OF_ONE_TC = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(PlugQueue.class);

    private final CommandLine.Tools tools;
    private final PlugPlace place;
    private final PlugDevices devices;
    /** Oldest first. */
    private final Deque<Integer> sealed = new ArrayDeque<>();

    private final Deque<Integer> free = new ArrayDeque<>();
    private int filling;
    private boolean placed;
    private boolean open;
    /** Ended by whoever closes this, too. */
    private volatile Optional<CommandLine> current = Optional.empty();

    private int renewAt = COMMANDS_OF_ONE_TC;

    PlugQueue(CommandLine.Tools tools, PlugPlace place) {
        this.tools = tools;
        this.place = place;
        this.devices = new PlugDevices(tools, place);
        for (int band = 1; band < PlugBands.COUNT; band++) {
            free.addLast(band);
        }
    }

    /**
     * Puts a gate of plugs behind a TAP of this machine; output is held from then on. What an earlier worker's plugs hold
     * is dropped.
     *
     * @throws IOException when a step fails; what was made before is taken away, unless it was an earlier worker's: then nothing
     *     leaves
     */
    public static PlacedGate place(PlugPlace place, GateListener listener) throws IOException {
        return PlacedGate.of(gate(BatchProcess.ofThisMachine(), place, listener));
    }

    static BarrierGate gate(CommandLine.Tools tools, PlugPlace place, GateListener listener) throws IOException {
        return BarrierGate.hold(new PlugQueue(tools, place), listener);
    }

    /**
     * Whether an earlier worker left its plugs behind the TAP: they hold what the guest sends.
     *
     * @throws IOException when that can't be found out, or somebody else's devices or filters are in the way
     */
    public static boolean isLeft(PlugPlace place) throws IOException {
        return new PlugDevices(BatchProcess.ofThisMachine(), place).areLeft();
    }

    @Override
    public int maxMarks() {
        return PlugBands.COUNT - 1;
    }

    @Override
    public void hold() throws IOException {
        CommandLine tc = workingOrNew();
        if (placed) {
            tell(tc, filling, PlugBands.block(place.ifb(), filling));
        } else {
            devices.place(tc);
            placed = true;
        }
        open = false;
    }

    @Override
    public void mark() throws IOException {
        Integer next = free.peekFirst();
        if (next == null) {
            throw new IllegalStateException("all bands of " + place.ifb() + " are in use");
        }
        tell(tc(), next, PlugBands.block(place.ifb(), next), PlugBands.steer(place.ifb(), next));
        free.removeFirst();
        sealed.addLast(filling);
        filling = next;
    }

    @Override
    public void releaseOldest() throws IOException {
        if (sealed.isEmpty()) {
            throw new IllegalStateException("there is no mark in " + place.ifb());
        }
        PlugBands.drain(tc(), place.ifb(), sealed.getFirst(), filling);
        free.addLast(sealed.removeFirst());
        renewIfWorn();
    }

    @Override
    public void open() throws IOException {
        while (!sealed.isEmpty()) {
            releaseOldest();
        }
        open = true;
        tell(tc(), filling, PlugBands.letGo(place.ifb(), filling));
    }

    @Override
    public void remove() throws IOException {
        devices.remove(workingOrNew(), open);
    }

    @Override
    public void abandon(Exception why) {
        try {
            devices.abandon(workingOrNew());
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        current.ifPresent(CommandLine::close);
    }

    /** Has commands carried out, and looks that the bands are as they are to be then. */
    private void tell(CommandLine tc, int fillingThen, String... commands) throws IOException {
        String[] asked = Arrays.copyOf(commands, commands.length + 1);
        asked[commands.length] = PlugBands.question(place.ifb());
        PlugBands.check(tc.ask(asked), fillingThen);
    }

    private CommandLine tc() throws IOException {
        return current.orElseThrow(() -> new IOException("there is no tc"));
    }

    /** Its predecessor is no reason not to hold output. */
    private CommandLine workingOrNew() throws IOException {
        if (current.isEmpty() || !current.get().works()) {
            current = Optional.of(tools.tc());
            renewAt = COMMANDS_OF_ONE_TC;
        }
        return current.get();
    }

    private void renewIfWorn() throws IOException {
        CommandLine worn = tc();
        if (worn.given() < renewAt) {
            return;
        }
        try {
            CommandLine fresh = tools.tc();
            current = Optional.of(fresh);
            tell(fresh, filling);
            worn.close();
            renewAt = COMMANDS_OF_ONE_TC;
        } catch (IOException e) {
            LOG.warn("no new tc can be started, the old one goes on: {}", e.getMessage());
            current = Optional.of(worn);
            renewAt += COMMANDS_OF_ONE_TC;
        }
    }
}
