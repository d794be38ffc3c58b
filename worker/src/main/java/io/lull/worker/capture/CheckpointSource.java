package io.lull.worker.capture;

import io.lull.producer.qemu.QmpEvent;
import java.io.IOException;

/**
 * Takes checkpoints of one running VM: first all of its memory, then, each time that it is told to, what changed since and
 * the device state.
 *
 * <p>{@link #run} works on the caller's thread until the source fails or is closed; what it captures goes to its {@link
 * CaptureHandler}. All other methods may be called from any thread.
 */
public interface CheckpointSource extends AutoCloseable {
    SourceState state();

    /** Why the source is in its state. */
    String stateReason();

    /**
     * Copies the memory and hands on checkpoints until the source fails (an exception) or is closed (returns).
     *
     * @throws IOException when QEMU or what it says is lost, or a checkpoint is void: an operating failure
     */
    void run(CaptureHandler handler) throws IOException;

    /** Takes an event of QEMU's, on the monitor's thread: must not block. */
    default void onQemuEvent(QmpEvent event) {}

    /** Gives the order to pause the guest for a checkpoint; false when the source is not {@link SourceState#PENDING}. */
    boolean pause() throws IOException;

    /**
     * Frees the guest when a checkpoint has taken longer than {@code limitNanos} since the order: the checkpoint is void,
     * and {@link #run} ends with an exception. Returns whether it had to, once; one thread calls.
     */
    boolean watchdog(long limitNanos);

    /**
     * Lets go of the VM; {@link #run} returns. Returns when the guest runs, or QEMU does not answer. Idempotent.
     */
    @Override
    default void close() {
        close(true);
    }

    /**
     * As {@link #close()}, where the guest may also be left as it is.
     *
     * @param leaves whether a guest that is paused is to run; if not, one that stands still does so until something else
     *     lets it run
     */
    void close(boolean leaves);
}
