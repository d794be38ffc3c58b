package io.lull.worker.backup;

import io.lull.worker.protocol.RefusalReason;
import io.lull.worker.protocol.Refused;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a primary is told that can't be served, by where the backup's takeover is. Only where the VM runs here, or may, it is
 * told to be silent for good; before that is known it is to ask again.
 */
final class TakeoverRefusal {
    private TakeoverRefusal() {}

    /**
     * Empty while the backup is one.
     *
     * @param alive whether the process is there that was to run the VM
     * @param marker the file that notes the takeover
     */
    static Optional<Refused> of(Failover.State state, boolean alive, Path marker) {
        return switch (state) {
            case STANDBY -> Optional.empty();
            case DECIDED, UNDECIDED, GRANTED -> refused(RefusalReason.BUSY, "a takeover is under way; ask again");
            case RUNNING ->
                alive
                        ? refused(RefusalReason.FAILED_OVER, "this host has taken the VM over; stop the old one")
                        : refused(
                                RefusalReason.BROKEN,
                                "the VM that this host took over has ended there; restart that worker");
            case IN_DOUBT ->
                refused(RefusalReason.FAILED_OVER, "this host may run the VM, see the backup's log; stop the old one");
            case TAKEN_OVER ->
                refused(
                        RefusalReason.FAILED_OVER,
                        "this host has taken the VM over, as " + marker + " there says; stop the old one");
            case FAILED ->
                refused(
                        RefusalReason.BROKEN,
                        "a takeover failed and the VM doesn't run here; see the backup's log and restart it");
        };
    }

    private static Optional<Refused> refused(RefusalReason reason, String why) {
        return Optional.of(Refused.saying(reason, why));
    }
}
