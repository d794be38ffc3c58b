package io.lull.policy.sim;

import io.lull.policy.sim.Activity.Background;

/** Computation that nobody outside waits for, as {@link Background} says. */
final class BackgroundStation extends Station {
    private final Background background;

    BackgroundStation(Background background, Guest guest, int index) {
        super(guest, index, background.schedule(), 0, 0);
        this.background = background;
    }

    @Override
    void start() {
        changed(0);
    }

    @Override
    void changed(long nowNanos) {
        threads = schedule.isOn(nowNanos) ? background.threads() : 0;
    }

    @Override
    void handle(long code, long nowNanos) {
        throw new IllegalStateException("nobody asks anything of a background load");
    }

    @Override
    double serviceNanos(long work) {
        throw new IllegalStateException("no request is behind a background load");
    }

    @Override
    int packetBytes(long work) {
        throw new IllegalStateException("a background load sends nothing");
    }
}
