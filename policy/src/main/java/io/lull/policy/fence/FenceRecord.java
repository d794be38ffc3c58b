package io.lull.policy.fence;

import io.lull.policy.Checks;
import io.lull.policy.VmId;
import java.util.Optional;
import java.util.UUID;

/**
 * What an arbiter holds of one VM: who may release its output. The newest one counts.
 *
 * @param vm whose
 * @param state who may
 * @param term how often that changed, from 1; each record has the term after its predecessor's
 * @param run the primary's QEMU process; when FREE the one whose place an operator gave away, if any
 * @param session the session with the backup that may take over, or did; only when PRIMARY_PROTECTED or TAKEN
 * @param taker the backup process that took the VM; only when TAKEN
 * @param hostId the host that asked for this record
 * @param reason why, in one line
 * @param atMicros when, that host's wall clock, microseconds since 1970; for people, nothing is decided by it
 */
public record FenceRecord(
        VmId vm,
        FenceState state,
        long term,
        Optional<UUID> run,
        Optional<UUID> session,
        Optional<UUID> taker,
        String hostId,
        String reason,
        long atMicros) {
    public FenceRecord {
        Checks.positive("term", term);
        Checks.notNegative("atMicros", atMicros);
        boolean protects = state == FenceState.PRIMARY_PROTECTED || state == FenceState.TAKEN;
        check("run", run, state, state != FenceState.FREE || run.isPresent());
        check("session", session, state, protects);
        check("taker", taker, state, state == FenceState.TAKEN);
    }

    private static void check(String name, Optional<UUID> value, FenceState state, boolean wanted) {
        if (value.isPresent() != wanted) {
            throw new IllegalArgumentException(
                    "a fence record that is " + state + (wanted ? " needs a " : " must have no ") + name);
        }
    }

    /** For people. */
    public String text() {
        return state + " (term " + term + ", by " + hostId + ": " + reason + ")";
    }
}
