package io.lull.worker.backup;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A started virtual machine process that waits for its incoming stream, and runs the VM once it has all of it and is told. */
public interface Standby {
    /** Where the stream goes; closing it is the end of the stream. */
    WritableByteChannel stream();

    boolean isAlive();

    /** Completes when the process ends, with what a person should know of it. */
    CompletableFuture<String> ended();

    /**
     * Has the process bear the id by which its VM was taken, for the primary worker that serves it one day; before it runs.
     *
     * @throws IOException when it can't; it may run all the same
     */
    void markTaken(UUID taker) throws IOException;

    /** Has the VM run, as soon as its stream is loaded; until then it never does. */
    void run() throws IOException, InterruptedException;

    /**
     * Waits until the VM runs, after {@link #run}.
     *
     * @throws IOException when the process ends or says otherwise, or the limit passes
     */
    void awaitRunning(long limitNanos) throws IOException, InterruptedException;

    /** Makes the VM announce its addresses, so that switches learn where it is now. */
    void announceSelf() throws IOException, InterruptedException;

    /** Ends the process, by force where asking is no use. Unless it {@link #isAlive} still, it doesn't run the VM. */
    void withdraw();
}
