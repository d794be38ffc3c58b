package io.lull.policy.fence;

import io.lull.policy.Checks;
import io.lull.policy.VmId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What an arbiter holds of one VM: who may release its output. The newest one counts.
 *
 * @param vm whose
 * @param state who may
 * @param term how often that changed, from 1; each record has the term after its predecessor's
 * @param run the primary's QEMU process, or the taker whose VM runs in it; when FREE the one whose place an operator gave away, or an id of
 *     his own; empty when the VM went off itself
 * @param session the session with the backup that may take over, or did; only when PRIMARY_PROTECTED or TAKEN
 * @param taker the backup process that took the VM; only when TAKEN
 * @param hostId the host that asked for this record; a VM that went off itself ran there last
 * @param reason why, in one line
 * @param atMicros when, that host's wall clock, microseconds since 1970; for people, nothing is decided by it
 * @param barred runs that the VM was taken over from, the newest {@value #MAX_BARRED} of them, oldest first: whatever becomes
 *     of the VM, none of them is granted anything, though it may not know that yet
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
        long atMicros,
        List<UUID> barred) {
    /** More than any VM is taken over within the life of a QEMU that has not heard of it. */
    public static final int MAX_BARRED = 64;

    public FenceRecord {
        barred = List.copyOf(barred);
        if (barred.size() > MAX_BARRED) {
            throw new IllegalArgumentException(
                    "a fence record bars " + MAX_BARRED + " runs at most, not " + barred.size());
        }
        Checks.positive("term", term);
        Checks.notNegative("atMicros", atMicros);
        boolean protects = state == FenceState.PRIMARY_PROTECTED || state == FenceState.TAKEN;
        check("run", run, state, state != FenceState.FREE || run.isPresent());
        check("session", session, state, protects);
        check("taker", taker, state, state == FenceState.TAKEN);
    }

    /** One that bars nobody. */
    public FenceRecord(
            VmId vm,
            FenceState state,
            long term,
            Optional<UUID> run,
            Optional<UUID> session,
            Optional<UUID> taker,
            String hostId,
            String reason,
            long atMicros) {
        this(vm, state, term, run, session, taker, hostId, reason, atMicros, List.of());
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
