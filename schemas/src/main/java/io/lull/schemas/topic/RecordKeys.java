package io.lull.schemas.topic;

import io.lull.policy.OperatorIntent;
import io.lull.policy.VmId;

/** The keys of the records, as text. */
public final class RecordKeys {
    private RecordKeys() {}

    /** The key of every record but intents and batches: the VM's name. */
    public static String of(VmId vm) {
        return vm.value();
    }

    /**
     * The key of a batch of samples: its host. A VM's samples come from the host that runs it, so that they keep their
     * order, as they do under the VM's own key.
     */
    public static String ofBatch(String hostId) {
        return hostId;
    }

    /**
     * The key of an intent: the VM's name, a slash and the intent's slot. The topic is compacted, so that with the VM
     * alone as key a pinned interval would erase a pause.
     */
    public static String of(OperatorIntent intent) {
        return ofIntent(intent.vm(), intent.kind());
    }

    /** The key of a VM's intents of this kind, and of the tombstone that takes one back. */
    public static String ofIntent(VmId vm, OperatorIntent.Kind kind) {
        return vm.value() + "/" + kind.slot();
    }
}
