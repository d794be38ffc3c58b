package io.lull.worker.backup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lull.worker.wire.WireState;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A backup as an operator sees it.
 *
 * @param vm the VM
 * @param failover where a takeover is
 * @param session state of the session, empty without one
 * @param primary host id of the connected primary
 * @param wire how the session's connection is protected, empty without one
 * @param committedEpoch what the VM would resume from, empty before the first commit
 * @param unfit why the VM can't be taken over from it now, empty when it can
 * @param imagePages pages of the image, device state included
 * @param redoBytes bytes in redo logs now
 * @param standby state of the standby process, empty without one
 * @param commits epochs committed since the start
 * @param verifiedPages pages of the image that the primary's digests confirmed since the start, each as often as it was
 * @param dropped connections dropped or refused since the start
 * @param lastDropReason why the last one was
 * @param broken why the image can't be used any more
 */
public record BackupStatus(
        String vm,
        Failover.State failover,
        Optional<String> session,
        Optional<String> primary,
        Optional<WireState> wire,
        OptionalLong committedEpoch,
        Optional<String> unfit,
        int imagePages,
        long redoBytes,
        Optional<HotStandby.State> standby,
        long commits,
        long verifiedPages,
        long dropped,
        Optional<String> lastDropReason,
        Optional<String> broken) {
    /** The same as JSON; what is empty is left out. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("role", "backup").put("vm", vm).put("failover", failover.name());
        session.ifPresent(value -> json.put("session", value));
        primary.ifPresent(value -> json.put("primary", value));
        wire.ifPresent(value -> value.addTo(json));
        committedEpoch.ifPresent(value -> json.put("committedEpoch", value));
        unfit.ifPresent(value -> json.put("unfit", value));
        json.put("imagePages", imagePages).put("redoBytes", redoBytes);
        standby.ifPresent(value -> json.put("standby", value.name()));
        json.put("commits", commits).put("verifiedPages", verifiedPages).put("dropped", dropped);
        lastDropReason.ifPresent(value -> json.put("lastDropReason", value));
        broken.ifPresent(value -> json.put("broken", value));
        return json;
    }
}
