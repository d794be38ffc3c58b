package io.lull.worker.output;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** A gate whose frames wait in something that is played within this process. */
final class PlayedRig implements GateRig {
    private final Played played;
    private final List<String> losses = new CopyOnWriteArrayList<>();
    private final OutputGate gate;

    /**
     * What is played.
     *
     * @param send the guest sends a frame
     * @param left the frames that have reached the network, in order
     * @param lose it answers nothing any more
     */
    record Played(LongConsumer send, Supplier<List<Long>> left, Runnable lose) {}

    /** Puts a gate in. */
    @FunctionalInterface
    interface Placement {
        OutputGate place(GateListener listener) throws IOException;
    }

    PlayedRig(Played played, Placement placement) throws IOException {
        this.played = played;
        this.gate = placement.place(losses::add);
    }

    @Override
    public OutputGate gate() {
        return gate;
    }

    @Override
    public void send(long tag) {
        played.send().accept(tag);
    }

    @Override
    public List<Long> left() {
        return played.left().get();
    }

    @Override
    public void lose() {
        played.lose().run();
    }

    @Override
    public List<String> losses() {
        return losses;
    }

    @Override
    public void close() throws IOException {
        gate.close();
    }
}
