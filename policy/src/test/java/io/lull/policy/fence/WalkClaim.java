package io.lull.policy.fence;

import io.lull.policy.VmId;
import io.lull.policy.fence.FenceClaim.Party;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One claim on its way through the steps of an arbiter in Kafka: begin, probe and abort, read, decide, write, commit. All before the
 * decision may be done ahead, before it is known whether anything is claimed. Each request and each answer is a message that may come late, twice or
 * never; a claimant that waits too long gives up, and what it sent goes on.
 */
final class WalkClaim {
    private static final VmId VM = new VmId("db");

    /** Where it is; an answer is awaited in all but AHEAD and the last four. */
    enum At {
        /** Looking whether it is likely to be granted, before it is begun ahead. */
        LOOKING,
        READING_TOO_EARLY,
        BEGINNING,
        PROBING,
        ABORTING,
        READING,
        /** Begun and read ahead. */
        AHEAD,
        WRITING,
        COMMITTING,
        GRANTED,
        DENIED,
        UNANSWERED,
        IN_DOUBT
    }

    private final Mistake mistake;
    private final boolean ahead;
    private FenceClaim claim;
    private At at;
    private int epoch;
    /** What is read must reach past this offset. */
    private int probe = -1;

    private boolean goesOn;
    private Optional<FenceRecord> early = Optional.empty();
    private Optional<FenceRecord> read = Optional.empty();
    private Optional<FenceRecord> toWrite = Optional.empty();
    private long seenTerm;

    private WalkClaim(Mistake mistake, FenceClaim claim, long knownTerm, At first) {
        this.mistake = mistake;
        this.claim = claim;
        this.seenTerm = knownTerm;
        this.at = first;
        this.ahead = first == At.LOOKING;
        this.goesOn = !ahead;
    }

    /**
     * It begins.
     *
     * @param knownTerm the newest term that the claimant has seen
     */
    static WalkClaim of(Mistake mistake, FenceClaim claim, long knownTerm) {
        At first = mistake == Mistake.READS_TOO_EARLY ? At.READING_TOO_EARLY : At.BEGINNING;
        return new WalkClaim(mistake, claim, knownTerm, first);
    }

    /** It is begun ahead, where it is likely to be granted. */
    static WalkClaim ahead(Mistake mistake, FenceClaim likely, long knownTerm) {
        return new WalkClaim(mistake, likely, knownTerm, At.LOOKING);
    }

    /** One that was begun ahead is gone on with, for this. */
    void goOn(FenceClaim now, long knownTerm) {
        claim = now;
        goesOn = true;
        seenTerm = Math.max(seenTerm, knownTerm);
        decide(mistake == Mistake.READS_TOO_EARLY ? early : read);
        if (at != At.WRITING) {
            at = At.UNANSWERED; // only a commit shows that what was read ahead is the newest still
        }
    }

    boolean wasAhead() {
        return ahead;
    }

    /** Whether it is for the claimant to send something. */
    boolean sends() {
        return !isOver() && at != At.AHEAD;
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
            case LOOKING, READING_TOO_EARLY, READING ->
                broker -> {
                    LogBroker.Reading reading = broker.read();
                    return () -> read(step, reading);
                };
            case PROBING ->
                broker -> {
                    OptionalInt offset = broker.probe(of);
                    return () -> probed(offset);
                };
            case ABORTING ->
                broker -> {
                    boolean aborted = broker.abort(of);
                    return () -> answered(step, aborted, At.READING);
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
            case AHEAD, GRANTED, DENIED, UNANSWERED, IN_DOUBT ->
                throw new IllegalStateException("it sends nothing: " + step);
        };
    }

    /** Does something to the broker; what it answers does something to the claim. */
    interface Request {
        Runnable at(LogBroker broker);
    }

    private void begun(int of) {
        if (at == At.BEGINNING) {
            epoch = of;
            if (mistake == Mistake.READS_TOO_EARLY && !ahead) {
                decide(early);
            } else {
                at = mistake == Mistake.READS_WITHOUT_PROBE ? At.READING : At.PROBING;
            }
        }
    }

    private void probed(OptionalInt offset) {
        if (at == At.PROBING) {
            probe = offset.orElse(probe);
            at = offset.isPresent() ? At.ABORTING : At.UNANSWERED;
        }
    }

    private void read(At step, LogBroker.Reading reading) {
        if (at != step) {
            return;
        }
        Optional<FenceRecord> newest = reading.newest();
        switch (step) {
            case READING_TOO_EARLY -> {
                early = newest;
                at = At.BEGINNING;
            }
            case LOOKING -> looked(newest);
            default -> {
                read = newest;
                if (reading.end() <= probe) {
                    at = At.UNANSWERED; // the time to read in is over
                } else if (goesOn) {
                    decide(newest);
                } else {
                    at = At.AHEAD;
                }
            }
        }
    }

    private void looked(Optional<FenceRecord> newest) {
        early = newest;
        at = FenceRule.rule(VM, newest, claim, 0).isNew() ? At.BEGINNING : At.UNANSWERED;
    }

    private void decide(Optional<FenceRecord> newest) {
        long term = newest.map(FenceRecord::term).orElse(0L);
        if (term < seenTerm) {
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
        return new FenceClaim(claim.kind(), new Party(taker.get(), FenceWalk.HOST), claim.sessions(), claim.reason());
    }

    private void answered(At step, boolean well, At next) {
        if (at == step) {
            at = well ? next : step == At.COMMITTING ? At.IN_DOUBT : At.UNANSWERED;
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
        boolean mayBeGranted = at == At.COMMITTING;
        at = mayBeGranted ? (mistake == Mistake.DOUBT_IS_GRANT ? At.GRANTED : At.IN_DOUBT) : At.UNANSWERED;
    }

    static FenceClaim take(Party by, Set<java.util.UUID> sessions) {
        return FenceClaim.take(by, sessions, "walk");
    }
}
