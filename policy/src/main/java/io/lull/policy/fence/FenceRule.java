package io.lull.policy.fence;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides a claim by the newest record of the VM; {@link FenceState} draws what it allows.
 *
 * <p>A claim that holds already is granted and needs no new record, so that one whose outcome got lost may be repeated.
 */
public final class FenceRule {
    private final VmId vm;
    private final Optional<FenceRecord> last;
    private final FenceClaim claim;
    private final long atMicros;

    private FenceRule(VmId vm, Optional<FenceRecord> last, FenceClaim claim, long atMicros) {
        this.vm = vm;
        this.last = last;
        this.claim = claim;
        this.atMicros = atMicros;
    }

    /**
     * The ruling on a claim; its reason is the claim's, or says what is in the way.
     *
     * @param last the newest record, empty when there is none
     * @param atMicros the claimant's wall clock, for the record
     */
    public static FenceRuling rule(VmId vm, Optional<FenceRecord> last, FenceClaim claim, long atMicros) {
        return new FenceRule(vm, last, claim, atMicros).decide();
    }

    private FenceRuling decide() {
        return switch (claim.kind()) {
            case GO_ALONE, PROTECT -> ofRun();
            case LEAVE -> leave();
            case TAKE -> take();
            case GIVE_BACK -> giveBack();
            case RESET -> reset();
        };
    }

    private FenceState state() {
        return last.map(FenceRecord::state).orElse(FenceState.FREE);
    }

    private List<UUID> barred() {
        return last.map(FenceRecord::barred).orElse(List.of());
    }

    private boolean isOwn() {
        return last.flatMap(FenceRecord::run).equals(Optional.of(claim.by().id()));
    }

    private FenceRuling ofRun() {
        FenceState wanted = claim.kind() == Kind.PROTECT ? FenceState.PRIMARY_PROTECTED : FenceState.ALONE;
        Optional<UUID> session = claim.sessions().stream().findFirst();
        if (barred().contains(claim.by().id())) {
            return denied("the VM was taken over from this QEMU");
        }
        return switch (state()) {
            case FREE -> {
                if (isOwn()) {
                    yield denied("an operator gave the place of this VM's QEMU away");
                }
                Optional<String> elsewhere =
                        wentOffOn().filter(host -> !host.equals(claim.by().hostId()));
                yield elsewhere.isPresent()
                        ? denied("the VM went off on the host " + elsewhere.get()
                                + ", whose disk is the newest: start it there, or say"
                                + " lull fence --free once the newest disk is here")
                        : changed(wanted, session);
            }
            case ALONE, PRIMARY_PROTECTED -> {
                if (!isOwn()) {
                    yield denied("another QEMU has this VM");
                }
                boolean same =
                        state() == wanted && last.flatMap(FenceRecord::session).equals(session);
                yield same ? holds() : changed(wanted, session);
            }
            case TAKEN -> isTaker() ? changed(wanted, session) : denied("the VM was taken over");
        };
    }

    /** The host of a VM that went off, which no operator has freed since. */
    private Optional<String> wentOffOn() {
        return last.filter(record ->
                        record.state() == FenceState.FREE && record.run().isEmpty())
                .map(FenceRecord::hostId);
    }

    private FenceRuling reset() {
        boolean isFree = state() == FenceState.FREE && wentOffOn().isEmpty();
        return isFree ? holds() : changed(FenceState.FREE, Optional.empty());
    }

    private FenceRuling leave() {
        return switch (state()) {
            case FREE -> holds();
            case ALONE, PRIMARY_PROTECTED ->
                isOwn() ? changed(FenceState.FREE, Optional.empty()) : denied("another QEMU has this VM");
            case TAKEN -> isTaker() ? changed(FenceState.FREE, Optional.empty()) : denied("the VM was taken over");
        };
    }

    private FenceRuling take() {
        return switch (state()) {
            case FREE -> denied("nobody recorded that this backup protects the VM");
            case ALONE -> denied("the primary goes on alone, and clients may have seen past this backup's image");
            case PRIMARY_PROTECTED -> {
                Optional<UUID> session = last.flatMap(FenceRecord::session);
                yield session.filter(claim.sessions()::contains).isPresent()
                        ? changed(FenceState.TAKEN, session)
                        : denied("another backup protects the VM, or a session in which this one committed nothing");
            }
            case TAKEN -> isTaker() ? holds() : denied("another backup has taken the VM over");
        };
    }

    private FenceRuling giveBack() {
        return state() == FenceState.TAKEN && isTaker()
                ? changed(FenceState.PRIMARY_PROTECTED, last.flatMap(FenceRecord::session))
                : denied("this backup doesn't have the VM");
    }

    private boolean isTaker() {
        return last.flatMap(FenceRecord::taker).equals(Optional.of(claim.by().id()));
    }

    private FenceRuling holds() {
        return new FenceRuling(true, last, false, claim.reason());
    }

    private FenceRuling denied(String why) {
        String stands = last.map(record -> "the fence says " + record.text()).orElse("the fence has no record");
        return new FenceRuling(false, last, false, why + "; " + stands);
    }

    private Optional<UUID> runAfter() {
        return switch (claim.kind()) {
            case GO_ALONE, PROTECT -> Optional.of(claim.by().id());
            case LEAVE -> Optional.empty();
            case TAKE, GIVE_BACK -> last.flatMap(FenceRecord::run);
            // An operator's own where the VM was off: that it is there tells his word from that.
            case RESET ->
                last.flatMap(FenceRecord::run).or(() -> Optional.of(claim.by().id()));
        };
    }

    /** Who takes a VM bars the run that had it; who gives it back lets that one in again. */
    private List<UUID> barredAfter() {
        List<UUID> after = new ArrayList<>(barred());
        last.flatMap(FenceRecord::run).filter(run -> claim.kind() == Kind.TAKE).ifPresent(after::add);
        last.flatMap(FenceRecord::run)
                .filter(run -> claim.kind() == Kind.GIVE_BACK)
                .ifPresent(after::remove);
        return after.subList(Math.max(0, after.size() - FenceRecord.MAX_BARRED), after.size());
    }

    private FenceRuling changed(FenceState next, Optional<UUID> session) {
        FenceRecord record = new FenceRecord(
                vm,
                next,
                last.map(FenceRecord::term).orElse(0L) + 1,
                runAfter(),
                session,
                next == FenceState.TAKEN ? Optional.of(claim.by().id()) : Optional.empty(),
                claim.by().hostId(),
                claim.reason(),
                atMicros,
                barredAfter());
        return new FenceRuling(true, Optional.of(record), true, claim.reason());
    }
}
