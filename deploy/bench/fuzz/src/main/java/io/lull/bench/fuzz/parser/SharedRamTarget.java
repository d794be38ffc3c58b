package io.lull.bench.fuzz.parser;

import io.lull.worker.capture.CaptureException;
import io.lull.worker.colo.SharedRamOnBytes;
import java.io.EOFException;
import java.util.List;

/** The first copy of a VM in shared memory: the migration stream of a QEMU that leaves that memory out. */
final class SharedRamTarget implements Target {
    private static final Bounds BOUNDS = new Bounds(512 << 10, 24);

    private final SharedRamOnBytes copy = new SharedRamOnBytes();

    @Override
    public List<Conversation> corpus() {
        return List.of(
                new Conversation(SharedRamOnBytes.conversation(0)),
                new Conversation(SharedRamOnBytes.conversation(1)),
                new Conversation(SharedRamOnBytes.conversation(5000)));
    }

    @Override
    public void run(byte[] input) throws Exception {
        copy.take(new InputChannel(input));
    }

    @Override
    public boolean refuses(Throwable thrown) {
        return thrown instanceof CaptureException || thrown instanceof EOFException;
    }

    @Override
    public Bounds bounds() {
        return BOUNDS;
    }

    @Override
    public void checkUnharmed() throws Exception {
        run(corpus().get(2).bytes());
        if (copy.pages() != 1) {
            throw new IllegalStateException("a good stream gave " + copy.pages() + " pages, not 1");
        }
    }
}
