package io.lull.policy.fence;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim.Party;
import java.util.Optional;
import java.util.Set;

/**
 * One claim on its way through the steps of an arbiter in Kafka: begin, read, decide, write, commit. Each request and each
 * answer is a message that may come late, twice or never; a claimant that waits too long gives up, and what it sent goes on.
 */
final class WalkClaim {
    private static final VmId VM = new VmId("db");

    /** Where it is; an answer is awaited in all but the last four. */
    enum At {
        READING_TOO_EARLY,
        BEGINNING,
        READING,
        WRITING,
        COMMITTING,
        GRANTED,
        DENIED,
        UNANSWERED,
        IN_DOUBT
    }

    private final Mistake mistake;
    private final FenceClaim claim;
    private final long knownTerm;
    private At at;
    private int epoch;
    private Optional<FenceRecord> early = Optional.empty();
    private Optional<FenceRecord> toWrite = Optional.empty();
    private long seenTerm;

    /**
     * It begins.
     *
     * @param knownTerm the newest term that the claimant has seen
     */
    WalkClaim(Mistake mistake, FenceClaim claim, long knownTerm) {
        this.mistake = mistake;
        this.claim = claim;
        this.knownTerm = knownTerm;
        this.seenTerm = knownTerm;
        this.at = mistake == Mistake.READS_TOO_EARLY ? At.READING_TOO_EARLY : At.BEGINNING;
    }

    At at() {
        return at;
    }

    FenceClaim.Kind kind() {
        return claim.kind();
    }

    FenceClaim claim() {
        return claim;
    }

    Party by() {
        return claim.by();
    }

    /** The newest term that the claimant has seen by now. */
    long seenTerm() {
        return seenTerm;
    }

    boolean isOver() {
        return at.ordinal() >= At.GRANTED.ordinal();
    }

    /** What the claimant sends for the step that it is at. */
    Request request() {
        At step = at;
        int of = epoch;
        return switch (step) {
            case READING_TOO_EARLY, READING ->
                broker -> {
                    Optional<FenceRecord> newest = broker.read();
                    return () -> read(step, newest);
                };
            case BEGINNING ->
                broker -> {
                    int begun = broker.begin();
                    return () -> begun(begun);
                };
            case WRITING ->
                broker -> {
                    boolean taken = broker.write(of, toWrite.orElseThrow());
                    return () -> answered(step, taken, At.COMMITTING);
                };
            case COMMITTING ->
                broker -> {
                    boolean committed = broker.commit(of);
                    return () -> answered(step, committed, At.GRANTED);
                };
            case GRANTED, DENIED, UNANSWERED, IN_DOUBT -> throw new IllegalStateException("it is over: " + step);
        };
    }

    /** Does something to the broker; what it answers does something to the claim. */
    interface Request {
        Runnable at(LogBroker broker);
    }

    private void begun(int of) {
        if (at == At.BEGINNING) {
            epoch = of;
            if (mistake == Mistake.READS_TOO_EARLY) {
                decide(early);
            } else {
                at = At.READING;
            }
        }
    }

    private void read(At step, Optional<FenceRecord> newest) {
        if (at != step) {
            return;
        }
        if (step == At.READING_TOO_EARLY) {
            early = newest;
            at = At.BEGINNING;
        } else {
            decide(newest);
        }
    }

    private void decide(Optional<FenceRecord> newest) {
        long term = newest.map(FenceRecord::term).orElse(0L);
        if (term < knownTerm) {
            at = At.UNANSWERED; // the topic has lost records
            return;
        }
        seenTerm = term;
        FenceRuling ruling = FenceRule.rule(VM, newest, asked(newest), 0);
        toWrite = ruling.isNew() ? ruling.record() : Optional.empty();
        at = !ruling.granted() ? At.DENIED : ruling.isNew() ? At.WRITING : At.GRANTED;
    }

    private FenceClaim asked(Optional<FenceRecord> newest) {
        Optional<java.util.UUID> taker = newest.flatMap(FenceRecord::taker);
        if (mistake != Mistake.POSES_AS_TAKER || taker.isEmpty()) {
            return claim;
        }
        return new FenceClaim(claim.kind(), new Party(taker.get(), ""), claim.sessions(), claim.reason());
    }

    private void answered(At step, boolean well, At next) {
        if (at == step) {
            at = well ? next : At.IN_DOUBT;
            if (at == At.GRANTED) {
                seenTerm = toWrite.orElseThrow().term();
            }
        }
    }

    /** The claimant has waited long enough. */
    void giveUp() {
        if (isOver()) {
            return;
        }
        boolean written = at == At.WRITING || at == At.COMMITTING;
        at = written ? (mistake == Mistake.DOUBT_IS_GRANT ? At.GRANTED : At.IN_DOUBT) : At.UNANSWERED;
    }

    static FenceClaim take(Party by, Set<java.util.UUID> sessions) {
        return FenceClaim.take(by, sessions, "walk");
    }
}
