package io.lull.worker.primary;

import io.lull.policy.VmId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state of a VM's protection, and what of it is worth saying: a loss is said once, not at each attempt to mend it. */
final class Protection {
    private static final Logger LOG = LoggerFactory.getLogger(Protection.class);

    private final VmId vm;
    private SessionState state = SessionState.UNPROTECTED;
    private String reason = "started";
    private String lossReason = "";
    private boolean lossSaid;

    Protection(VmId vm) {
        this.vm = vm;
    }

    /** What a loss means to whoever is to be told. */
    enum Loss {
        /** A committed state was held by a backup until now. */
        OF_PROTECTION,
        /** The first attempt of this worker, or after a loss, that came to nothing. */
        FIRST,
        /** Said before. */
        AGAIN
    }

    synchronized SessionState state() {
        return state;
    }

    synchronized String reason() {
        return reason;
    }

    synchronized void transition(SessionState next, String why) {
        if (state == SessionState.ENDED) {
            return;
        }
        if (lossSaid && (next == SessionState.CONNECTING || why.equals(lossReason))) {
            LOG.debug("vm {}: {} -> {}: {}", vm, state, next, why);
        } else {
            LOG.info("vm {}: {} -> {}: {}", vm, state, next, why);
        }
        if (next == SessionState.PROTECTED) {
            lossSaid = false;
        }
        state = next;
        reason = why;
    }

    /** Notes that a session came to nothing, or to an end. */
    synchronized Loss lost(String why) {
        Loss loss = state == SessionState.PROTECTED ? Loss.OF_PROTECTION : lossSaid ? Loss.AGAIN : Loss.FIRST;
        transition(SessionState.UNPROTECTED, why);
        lossSaid = true;
        lossReason = why;
        return loss;
    }
}
