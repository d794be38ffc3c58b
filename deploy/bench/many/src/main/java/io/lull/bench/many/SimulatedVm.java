package io.lull.bench.many;

import io.lull.worker.primary.SimulatedGuest;
import java.util.Optional;

/** A simulated VM. */
record SimulatedVm(SimulatedGuest guest) implements ManyGuest {
    @Override
    public void start() {
        guest.start();
    }

    @Override
    public void dirty(int pages) {
        guest.dirty(pages);
    }

    @Override
    public boolean hasCommitted() {
        return guest.hasCommitted();
    }

    @Override
    public Optional<String> ended() {
        return guest.ended();
    }

    @Override
    public void close() {
        guest.close();
    }
}
